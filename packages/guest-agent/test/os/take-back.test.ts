import assert from "node:assert/strict";
import { test } from "node:test";
import { backends } from "../../src/os/index.ts";
import { flatSteps } from "../../src/plan.ts";
import { execute } from "../../src/system/executor.ts";
import { createFakeSystem } from "../support/fake-system.ts";
import { type GoldenCase, planOf, readGoldenCases } from "./golden-case.ts";

type Files = Readonly<Record<string, string>>;

/** What a program's call found: its words, and the files as they were then. */
interface Seen {
  readonly call: string;
  readonly files: Files;
}

/** Carries out a golden case's plan; the n-th program fails, and none of the following ones. */
async function failAt({ network, evidence, ...golden }: GoldenCase, failing: number) {
  const seen: Seen[] = [];
  const system = createFakeSystem({
    run: ({ argv }) => {
      seen.push({ call: argv.join(" "), files: configurationOf(system.files.all()) });
      return seen.length - 1 === failing ? { status: 1 } : undefined;
    },
  });
  for (const [path, text] of golden.before) system.files.addFile(path, text);
  const before = configurationOf(system.files.all());
  // Without the host name, which has its own steps.
  const { vifs, networking } = network;
  const plan = planOf({ vifs, networking }, { files: golden.before, evidence });
  const failed = await execute({ ...plan, steps: flatSteps(plan.steps) }, { system, root: "/" }).then(
    () => false,
    () => true,
  );
  return { failed, seen, before, after: configurationOf(system.files.all()) };
}

function configurationOf(files: Files): Files {
  return Object.fromEntries(Object.entries(files).filter(([path]) => path.startsWith("/etc/")));
}

/**
 * What a program does to the interface or profile of the first group, or to all: takes it down, brings it
 * up where it is down, makes it what the files say, reads them, or makes it what was read.
 */
type Kind = "down" | "up" | "apply" | "read" | "applyRead";

interface Effect {
  readonly kind: Kind;
  readonly key: string;
  /** Of the files that the program reads. */
  readonly reads: RegExp;
}

/** A pattern of the call, and of the paths that count, where not all do. */
type Row = readonly [RegExp, Kind, RegExp?];

const ifup: readonly Row[] = [
  [/^ifdown (?:-f |--force )?(\S+)$/, "down"],
  [/^ip link set dev (\S+) down$/, "down"],
  [/^ifup (?:-f |--force )?(\S+)$/, "up"],
];
const nmcli: readonly Row[] = [
  [/^nmcli connection (?:load|reload)/, "read"],
  [/^nmcli connection up (?:uuid|ifname) (\S+)$/, "applyRead"],
];

const effects: Readonly<Record<string, readonly Row[]>> = {
  ifupdown: ifup,
  ifupdown2: ifup,
  alpine: ifup,
  netplan: [
    [/^netplan apply$/, "apply"],
    [/^ip address flush dev (\S+)/, "down"],
    [/^networkctl reload$/, "apply"],
    [/^systemctl restart systemd-networkd.service$/, "up"],
  ],
  "network-manager": nmcli,
  ifcfg: [...ifup, ...nmcli],
  networkd: [
    [/^ip address flush dev (\S+)/, "down"],
    [/^networkctl reload$/, "apply"],
    // What a start of it finds on a link stays there.
    [/^systemctl restart systemd-networkd.service$/, "up"],
  ],
  wicked: [
    [/^wicked ifreload (\S+)$/, "apply"],
    [/^netconfig (update) -f$/, "apply", /\/config$/],
  ],
  netctl: [
    [/^netctl stop (\S+)$/, "down"],
    [/^netctl start (\S+)$/, "up"],
  ],
  netifrc: [
    [/^rc-service (\S+) restart$/, "apply"],
    [/^rc-service (\S+) stop$/, "down"],
  ],
  freebsd: [
    [/^service netif stop (\S+)$/, "down"],
    [/^service netif start (\S+)$/, "up"],
    [/^service (routing) restart$/, "apply"],
  ],
};

/** `half` is what a program that failed leaves. */
type State = "old" | "new" | "half" | "down";

interface Run {
  readonly seen: readonly Seen[];
  readonly failing: number;
  readonly before: Files;
}

/** What each interface or profile is in the end, of those that a program has touched. */
function statesAfter(backend: string, { seen, failing, before }: Run): ReadonlyMap<string, State> {
  const states = new Map<string, State>();
  let read: State = "old";
  for (const [index, { call, files }] of seen.entries()) {
    const effect = effectOf(backend, call);
    if (effect === undefined) continue;
    const { key, kind, reads } = effect;
    const now: State = isSame(files, before, reads) ? "old" : "new";
    const isFailing = index === failing;
    if (kind === "read" && !isFailing) {
      read = now;
      // A profile that is gone takes its link down.
      for (const each of states.keys()) if (!isNamed(each, files)) states.set(each, "down");
    }
    if (kind === "applyRead" && !states.has(key)) {
      // Another profile takes the link from the one that it did not come up with.
      for (const [each, state] of states) if (state === "half") states.set(each, "down");
    }
    if (kind === "down" && !isFailing) states.set(key, "down");
    for (const each of key === "all" ? states.keys() : [key]) {
      const isUp = kind === "apply" || kind === "applyRead" || (kind === "up" && states.get(each) === "down");
      if (isUp) states.set(each, isFailing ? "half" : kind === "applyRead" ? read : now);
    }
    if (kind === "apply" && key === "all") states.set(key, isFailing ? "half" : now);
  }
  return states;
}

function effectOf(backend: string, call: string): Effect | undefined {
  for (const [pattern, kind, reads = /(?:)/] of effects[backend] ?? []) {
    const match = pattern.exec(call);
    if (match) return { kind, key: match[1] ?? "all", reads };
  }
  return undefined;
}

function isNamed(text: string, files: Files): boolean {
  return Object.entries(files).some((entry) => entry.join("\n").includes(text));
}

function isSame(one: Files, other: Files, counts: RegExp): boolean {
  const [texts, others] = [one, other].map((files) =>
    Object.entries(files).filter(([path]) => counts.test(path)),
  );
  return JSON.stringify(texts?.toSorted()) === JSON.stringify(others?.toSorted());
}

/** Those that are not taken down first, by a plan that succeeds: that they are down in the end is enough. */
function newOnes(backend: string, seen: readonly Seen[]): ReadonlySet<string> {
  const first = new Map<string, Kind>();
  for (const { call } of seen) {
    const { key, kind } = effectOf(backend, call) ?? {};
    if (key !== undefined && kind !== undefined && !first.has(key)) first.set(key, kind);
  }
  return new Set([...first].filter(([, kind]) => kind !== "down").map(([key]) => key));
}

for (const { name: backend } of backends) {
  test(`${backend} gives every golden guest its old network back, whichever program fails`, async () => {
    for (const golden of readGoldenCases(backend)) {
      const whole = await failAt(golden, Infinity);
      assert.equal(whole.failed, false);
      const isNew = newOnes(backend, whole.seen);
      for (const failing of whole.seen.keys()) {
        const { failed, seen, before, after } = await failAt(golden, failing);
        const what = `${golden.name}: ${seen.map(({ call }) => call).join("; ")} (${failing} fails)`;
        assert.ok(failed, what);
        assert.deepEqual(after, before, what);
        for (const [key, state] of statesAfter(backend, { seen, failing, before })) {
          const isRight = state === "old" || (state === "down" && isNew.has(key));
          assert.ok(isRight, `${key} is ${state} in ${what}`);
        }
      }
    }
  });
}

test("NetworkManager reads ifcfg files again before it brings the old connections up", async () => {
  const golden = readGoldenCases("ifcfg").find(({ name }) => name === "network-manager");
  assert.ok(golden);
  const { seen } = await failAt(golden, 0);
  assert.deepEqual(
    seen.slice(-4).map(({ call }) => call),
    [
      "nmcli connection reload",
      "nmcli connection up ifname eth1",
      "nmcli connection reload",
      "nmcli connection up uuid 8b9f1b2c-3d4e-3f60-8a71-92a3b4c5d6e7",
    ],
  );
});
