import assert from "node:assert/strict";
import { test } from "node:test";
import type { FakeResult } from "../support/fake-system.ts";
import {
  createSimulatedGuest,
  hasJournal,
  type NetworkName,
  NETWORKS,
  type SimulatedGuest,
} from "../support/simulated-guest.ts";

/** The host gives up after this time. */
const HOST_LIMIT_MS = 60_000;

/** A guest on the old network, and its files there. */
async function createOldGuest() {
  const guest = createSimulatedGuest();
  assert.equal(await guest.reset("old"), undefined);
  return { guest, oldFiles: guest.files() };
}

/** What the guest is like on one of the networks. */
async function stateOn(network: NetworkName) {
  const { guest } = await createOldGuest();
  await guest.reset(network);
  return { files: guest.files(), address: guest.address(), hostname: guest.hostname() };
}

function stateOf(guest: SimulatedGuest) {
  return { files: withoutBackups(guest.files()), address: guest.address(), hostname: guest.hostname() };
}

function withoutBackups(files: Readonly<Record<string, string>>) {
  return Object.fromEntries(Object.entries(files).filter(([path]) => !path.endsWith(".bak")));
}

const on = {
  old: async () => ({ ...(await stateOn("old")), files: withoutBackups((await stateOn("old")).files) }),
  new: async () => ({ ...(await stateOn("new")), files: withoutBackups((await stateOn("new")).files) }),
};

test("a reset changes files, kernel and host name, and leaves no journal", async () => {
  const { guest } = await createOldGuest();
  assert.equal(await guest.reset("new"), undefined);
  assert.equal(guest.address(), `${NETWORKS.new.address}/24`);
  assert.equal(guest.hostname(), "new");
  assert.ok(!hasJournal(guest));
});

test("a reset to what is so already changes nothing and starts no program but to look", async () => {
  const { guest } = await createOldGuest();
  const [changes, calls] = [guest.system.files.changes.length, guest.system.calls.length];
  assert.equal(await guest.reset("old"), undefined);
  assert.equal(guest.system.files.changes.length, changes);
  assert.deepEqual(
    guest.system.calls.slice(calls).map(({ argv }) => argv.join(" ")),
    ["ip address show"],
  );
});

test("a network whose gateway does not answer gives way to the one that did", async () => {
  const { guest } = await createOldGuest();
  const before = stateOf(guest);
  guest.faults.silent.add(NETWORKS.new.gateway);
  assert.equal(
    await guest.reset("new"),
    "The network is not as wanted: gateway 198.51.100.1 does not answer on eth0; " +
      "taken back, gateway 192.0.2.1 answers again",
  );
  assert.deepEqual(stateOf(guest), before);
  assert.ok(guest.nowMs() < HOST_LIMIT_MS);
});

test("where no gateway answered before, none has to answer after", async () => {
  const { guest } = await createOldGuest();
  guest.faults.silent.add(NETWORKS.old.gateway).add(NETWORKS.new.gateway);
  assert.equal(await guest.reset("new"), undefined);
  assert.deepEqual(stateOf(guest), await on.new());
});

/** Lets ifup claim a success without having done anything. */
function letIfupLie(guest: SimulatedGuest): void {
  guest.faults.program = ({ argv }) => (argv[0] === "ifup" ? { hasEffect: false } : undefined);
}

test("a program that claims to have brought the network up is not believed", async () => {
  const { guest } = await createOldGuest();
  letIfupLie(guest);
  const failure = await guest.reset("new");
  assert.match(failure ?? "", /^The network is not as wanted: eth0 lacks 198\.51\.100\.10\/24; eth0 lacks/);
});

test("a first network that does not come about stays, with a warning", async () => {
  const guest = createSimulatedGuest();
  letIfupLie(guest);
  assert.equal(await guest.reset("old"), undefined);
  assert.match(guest.system.files.text("/etc/network/interfaces") ?? "", /192\.0\.2\.10/);
  assert.ok(guest.log.some((line) => line.includes("stays so because there was none before")));
});

test("the kernel is waited for while it looks for another host with the address", async () => {
  const { guest } = await createOldGuest();
  let looks = 0;
  guest.faults.program = ({ argv }) => {
    const isUp = guest.address() === `${NETWORKS.new.address}/24`;
    if (argv.join(" ") !== "ip address show" || !isUp || (looks += 1) > 3) return undefined;
    const line = `    inet ${NETWORKS.new.address}/24 scope global tentative eth0`;
    return { stdout: `2: eth0: <BROADCAST,UP> mtu 1500\n${line}\n` };
  };
  assert.equal(await guest.reset("new"), undefined);
  assert.equal(looks, 4);
});

test("a kernel that tells nothing any more has not the wanted network", async () => {
  const { guest } = await createOldGuest();
  const before = stateOf(guest);
  guest.faults.program = ({ argv }) =>
    argv[1] === "address" && argv[2] === "show" && guest.address() === `${NETWORKS.new.address}/24`
      ? { errno: "ENOENT" }
      : undefined;
  assert.match((await guest.reset("new")) ?? "", /ip does not tell any more what the kernel has; taken back/);
  assert.deepEqual(stateOf(guest), before);
});

const programFaults: readonly (readonly [string, FakeResult & { readonly hasEffect?: boolean }])[] = [
  ["fails", { status: 1, stderr: "no", hasEffect: false }],
  ["fails after all", { status: 1, stderr: "no" }],
  ["hangs", { errno: "ETIMEDOUT", hasEffect: false }],
  ["hangs after all", { errno: "ETIMEDOUT" }],
  ["is missing", { errno: "ENOENT", hasEffect: false }],
];

for (const [what, result] of programFaults) {
  test(`the guest has its old or its new network when any one of the programs ${what}`, async () => {
    const [onOld, onNew] = [await on.old(), await on.new()];
    for (let at = 0, isMet = true; isMet; at += 1) {
      const { guest } = await createOldGuest();
      const [first, startedAtMs] = [guest.system.calls.length, guest.nowMs()];
      guest.faults.program = (_call, index) => (index === first + at ? result : undefined);
      const failure = await guest.reset("new");
      isMet = guest.system.calls.length > first + at;
      const program = guest.system.calls[first + at]?.argv.join(" ");
      assert.deepEqual(stateOf(guest), failure === undefined ? onNew : onOld, `${at}: ${program} ${failure}`);
      assert.ok(!hasJournal(guest));
      assert.ok(guest.nowMs() - startedAtMs < HOST_LIMIT_MS, program);
    }
  });

  test(`a reset answers in time when from any moment on every program ${what}`, async () => {
    for (let at = 0, isMet = true; isMet; at += 1) {
      const { guest } = await createOldGuest();
      const [first, startedAtMs] = [guest.system.calls.length, guest.nowMs()];
      guest.faults.program = (_call, index) => (index >= first + at ? result : undefined);
      await guest.reset("new");
      isMet = guest.system.calls.length > first + at;
      assert.ok(guest.nowMs() - startedAtMs < HOST_LIMIT_MS, `${at}: ${guest.nowMs() - startedAtMs} ms`);
    }
  });
}

/** Makes every call that changes files fail, from one of them on; returns whether it came to that. */
function refuseFrom(guest: SimulatedGuest, { at, code }: { readonly at: number; readonly code: string }) {
  let left = at;
  guest.system.files.refuse = (operation) => {
    const isChange = ["create", "rename", "remove", "makeDirectory"].includes(operation);
    // A full disk takes no more, and gives.
    if (!isChange || (code === "ENOSPC" && operation !== "create")) return undefined;
    left -= 1;
    return left < 0 ? code : undefined;
  };
  return () => left < 0;
}

for (const code of ["ENOSPC", "EROFS"]) {
  test(`files and kernel agree when the disk answers ${code} from any moment on`, async () => {
    const [onOld, onNew] = [await on.old(), await on.new()];
    for (let at = 0, isMet = true; isMet; at += 1) {
      const { guest } = await createOldGuest();
      const isRefused = refuseFrom(guest, { at, code });
      const failure = await guest.reset("new");
      isMet = isRefused();
      const { files, address } = stateOf(guest);
      const path = "/etc/network/interfaces";
      const isNew = files[path] === onNew.files[path];
      assert.equal(files[path], (isNew ? onNew : onOld).files[path]);
      assert.equal(address, (isNew ? onNew : onOld).address, `${at}: ${failure}`);
      assert.equal(failure === undefined, !isMet);
      guest.system.files.refuse = () => undefined;
      await guest.recover();
      const recovered = withoutTemporaries(stateOf(guest));
      assert.deepEqual(recovered.files, (isMet ? onOld : onNew).files, `${at}: ${failure}`);
      assert.ok(!hasJournal(guest));
    }
  });
}

test("all files are the old ones or the new ones when the disk is full from any moment on", async () => {
  const [onOld, onNew] = [await on.old(), await on.new()];
  for (let at = 0, isMet = true; isMet; at += 1) {
    const { guest } = await createOldGuest();
    const isRefused = refuseFrom(guest, { at, code: "ENOSPC" });
    const failure = await guest.reset("new");
    isMet = isRefused();
    assert.deepEqual(stateOf(guest), isMet ? onOld : onNew, `${at}: ${failure}`);
    assert.doesNotMatch(failure ?? "", /when taking back/);
    assert.ok(!hasJournal(guest));
  }
});

/** Ends all that the agent does after some operations on files and programs; says whether it came to that. */
async function resetAndKill(guest: SimulatedGuest, count: number): Promise<boolean> {
  let left = count;
  const die = (): undefined => {
    left -= 1;
    if (left < 0) throw new Error("killed");
    return undefined;
  };
  guest.system.files.refuse = die;
  guest.faults.program = die;
  await guest.reset("new");
  guest.system.files.refuse = () => undefined;
  guest.faults.program = () => undefined;
  return left < 0;
}

test("a reset that was killed at any moment is taken back at the next start, and done when asked again", async () => {
  const [onOld, onNew] = [await on.old(), await on.new()];
  let recovered = 0;
  for (let count = 0, isKilled = true; isKilled; count += 1) {
    const { guest } = await createOldGuest();
    isKilled = await resetAndKill(guest, count);
    const wasOpen = hasJournal(guest);
    await guest.recover();
    assert.ok(!hasJournal(guest));
    if (wasOpen) {
      recovered += 1;
      assert.deepEqual(withoutTemporaries(stateOf(guest)), onOld, `after ${count} operations`);
    }
    assert.equal(await guest.reset("new"), undefined);
    assert.deepEqual(withoutTemporaries(stateOf(guest)), onNew, `after ${count} operations`);
  }
  assert.ok(recovered > 20);
});

test("taking back at the next start may be killed at any moment as well", async () => {
  const onOld = await on.old();
  for (let count = 0, isKilled = true; isKilled; count += 1) {
    const { guest } = await createOldGuest();
    guest.faults.program = ({ argv }) => {
      if (argv[0] === "ifup") throw new Error("killed");
      return undefined;
    };
    guest.system.files.refuse = (_operation, path) => {
      // The kill's own taking back does not happen.
      if (guest.system.calls.at(-1)?.argv[0] === "ifup" && path !== "") throw new Error("killed");
      return undefined;
    };
    await guest.reset("new");
    assert.ok(hasJournal(guest));
    let left = count;
    guest.faults.program = () => undefined;
    guest.system.files.refuse = () => {
      left -= 1;
      if (left < 0) throw new Error("killed");
      return undefined;
    };
    isKilled = await guest.recover().then(
      () => false,
      () => true,
    );
    guest.system.files.refuse = () => undefined;
    await guest.recover();
    assert.deepEqual(withoutTemporaries(stateOf(guest)), onOld, `after ${count} operations`);
  }
});

/** What a kill leaves under a temporary name goes with the next write in that directory. */
function withoutTemporaries<State extends { readonly files: Readonly<Record<string, string>> }>(
  state: State,
) {
  const kept = Object.entries(state.files).filter(([path]) => !/\.nova-agent-[0-9a-f]{16}\.tmp$/.test(path));
  return { ...state, files: Object.fromEntries(kept) };
}
