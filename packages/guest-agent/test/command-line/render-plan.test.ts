import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeUtf8 } from "@nova-agent/xenstore";
import type { Step } from "../../src/plan.ts";
import { renderPlan } from "../../src/command-line/render-plan.ts";
import { Secret } from "../../src/secret.ts";

function render(steps: readonly Step[], files: Readonly<Record<string, string>> = {}): string {
  const plan = { steps, reply: { returncode: "0", message: "" } };
  const current = (path: string) => (files[path] === undefined ? undefined : encodeUtf8(files[path]));
  return renderPlan(plan, { current });
}

function write(text: string): Step {
  return { step: "writeFile", path: "/etc/a", content: encodeUtf8(text), mode: 0o600, backup: false };
}

const lines = (...numbers: readonly (number | string)[]) => numbers.map((number) => `${number}\n`).join("");

test("every kind of step is one entry, and the answer comes last", () => {
  const text = render([
    { step: "removeFile", path: "/etc/b", backup: true },
    { step: "run", argv: ["ip", "link", "set", "a b"], undo: ["ip", "undo"], timeoutMs: 1500, failure: "" },
    { step: "setHostname", hostname: "web1" },
    { step: "setPassword", user: "root", password: new Secret(encodeUtf8("hunter2")) },
    {
      step: "runPython",
      interpreter: ["/usr/bin/python3"],
      argv: ["/usr/sbin/register", "--key", new Secret(encodeUtf8("hunter2")), "--name=a b"],
      timeoutMs: 25_000,
      failure: "",
    },
  ]);
  assert.equal(
    text,
    `remove /etc/b (with a backup)
run ip link set "a b" (at most 1.5 s, taken back by ip undo)
set host name web1
set password of root to [redacted]
run /usr/sbin/register --key [redacted] "--name=a b" (at most 25 s, its words through standard input)
answer 0
`,
  );
});

test("a new file is shown whole", () => {
  assert.equal(render([write("one\ntwo\n")]), "write /etc/a (mode 0600 if new)\n  +one\n  +two\nanswer 0\n");
});

test("a file that is right already says so", () => {
  assert.match(render([write("same\n")], { "/etc/a": "same\n" }), /^write .*\n  is so already\nanswer/);
});

test("a change is shown with three lines around it", () => {
  const old = lines(1, 2, 3, 4, 5, 6, 7, 8, 9);
  const text = render([write(lines(1, 2, 3, 4, "five", 6, 7, 8, 9))], { "/etc/a": old });
  assert.equal(
    text,
    `write /etc/a (mode 0600 if new)
  @@ line 2 @@
   2
   3
   4
  -5
  +five
   6
   7
   8
answer 0
`,
  );
});

test("lines that are only added or only taken away are shown as that", () => {
  const added = render([write(lines(1, 1, 1))], { "/etc/a": lines(1, 1) });
  const taken = render([write(lines(1, 1))], { "/etc/a": lines(1, 1, 1) });
  assert.match(added, /\n   1\n   1\n  \+1\nanswer/);
  assert.match(taken, /\n   1\n   1\n  -1\nanswer/);
});

test("a missing last line feed is a difference", () => {
  assert.match(render([write("a")], { "/etc/a": "a\n" }), /\n  -a\n  \+a \[no line feed\]\nanswer/);
});

test("bytes that are not text are counted and not shown", () => {
  const step: Step = {
    step: "writeFile",
    path: "/a",
    content: Uint8Array.of(0xff),
    mode: 0o600,
    backup: true,
  };
  assert.equal(
    render([step]),
    "write /a (mode 0600 if new, with a backup)\n  1 bytes that are not text\nanswer 0\n",
  );
});

test("control characters from outside do not reach the terminal", () => {
  const text = render([write("\u001b[2J\ttab\u009b\n")]);
  assert.match(text, /\n  \+\\x1b\[2J\ttab\\x9b\nanswer/);
});
