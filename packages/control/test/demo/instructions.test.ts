import assert from "node:assert/strict";
import test from "node:test";
import { type DemoSummary, renderInstructions } from "../../src/demo/instructions.ts";

const summary: DemoSummary = {
  socketPath: "/tmp/nova-agent-0/socket",
  apiUrl: "http://127.0.0.1:8774",
  monitoringUrl: undefined,
  openrcPath: "/tmp/nova-agent-0/openrc",
  passwordsPath: "/tmp/nova-agent-0/passwords",
  serviceLogPath: "/tmp/nova-agent-0/control.log",
  guestName: "demo",
  domid: 1,
  hostname: "demo",
  agentVersion: "3.0.0",
  enclosure: "namespaces",
  reason: undefined,
  ifupdown: "stand-in",
  tree: "/tmp/nova-agent-0/demo-guests/49f38f71-914a-4546-b9ba-24fa92b37b14/disk",
  logPath: "/tmp/nova-agent-0/demo-guests/49f38f71-914a-4546-b9ba-24fa92b37b14/disk/var/log/nova-agent.log",
  enterCommand: ["nsenter", "--target=123"],
};

test("the socket, the files, the log and the way inside are told", () => {
  const text = renderInstructions(summary);
  for (const part of [
    "export XENSTORED_PATH=/tmp/nova-agent-0/socket\n",
    summary.tree,
    summary.logPath,
    ". /tmp/nova-agent-0/openrc\n",
    "openstack server list ",
    "nsenter --target=123 sh\n",
    "Panel      http://127.0.0.1:8774 ",
    "  cat /tmp/nova-agent-0/passwords\n",
  ]) {
    assert.ok(text.includes(part), part);
  }
});

test("everybody who may sign in to the panel is named", () => {
  assert.match(renderInstructions(summary), /sign in as demo, as demo-reader, .* or as demo-admin, /);
});

test("every command of guestctl that a newcomer needs is shown for this guest", () => {
  const text = renderInstructions(summary);
  const commands = [...text.matchAll(/npx guestctl ([\w-]+)/g)].map(([, name]) => name);
  assert.deepEqual(commands, ["list", "version", "password", "inject-file", "reset-network", "ls", "watch"]);
});

test("a directory with a blank in its name is quoted for the shell", () => {
  const text = renderInstructions({ ...summary, socketPath: "/tmp/it's mine/socket" });
  assert.match(text, /export XENSTORED_PATH='\/tmp\/it'\\''s mine\/socket'\n/);
});

test("a stand-in for ifupdown is told, the machine's own is not", () => {
  assert.match(renderInstructions(summary), /no ifupdown/);
  assert.doesNotMatch(renderInstructions({ ...summary, ifupdown: "machine" }), /no ifupdown/);
});

test("a root tree is told with its reason and what it cannot show", () => {
  const text = renderInstructions({
    ...summary,
    enclosure: "root-tree",
    ifupdown: "none",
    reason: "unshare: Operation not permitted",
    enterCommand: undefined,
  });
  assert.match(text, /root tree \(unshare: Operation not permitted\).*no program is run/);
  assert.doesNotMatch(text, /nsenter|inside the guest/);
});

test("health and metrics are told where they are served", () => {
  assert.doesNotMatch(renderInstructions(summary), /Monitoring/);
  const text = renderInstructions({ ...summary, monitoringUrl: "http://127.0.0.1:9774" });
  assert.match(text, /^ {2}Monitoring http:\/\/127\.0\.0\.1:9774\/metrics, .*\/healthz$/m);
});
