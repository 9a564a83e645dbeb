import assert from "node:assert/strict";
import { test } from "node:test";
import { EXCHANGE_FAILURES_MAX } from "../../src/limits.ts";
import { exchangeKeys, sendPassword } from "../support/host-exchange.ts";
import { withMemoryAgent } from "../support/memory-agent.ts";

const done = { returncode: "0", message: "" };
const withoutExchange = { returncode: "500", message: "Password without key exchange" };
const invalid = { returncode: "500", message: "Invalid password data received" };

/** A number that is not the one the two sides share. */
const WRONG = "1234567890";

for (const digest of ["md5", "sha256"] as const) {
  test(`a password encrypted by way of ${digest} reaches chpasswd, and no log line`, () =>
    withMemoryAgent({}, async (harness) => {
      const shared = await exchangeKeys(harness);
      assert.deepEqual(await sendPassword(harness, { shared, password: "geheim:€", digest }), done);
      const [call, ...others] = harness.system.calls;
      assert.equal(call?.argv[0], "chpasswd");
      assert.equal(call.stdin, "root:geheim:€\n");
      assert.deepEqual(others, []);
      const seen = [...harness.lines, ...harness.system.lines].join("\n");
      assert.ok(seen.includes('"command":"password"'));
      assert.ok(!seen.includes("geheim") && !seen.includes(shared));
    }));
}

test("one exchange is good for one password", () =>
  withMemoryAgent({}, async (harness) => {
    const shared = await exchangeKeys(harness);
    assert.deepEqual(await sendPassword(harness, { shared, password: "first" }), done);
    assert.deepEqual(await sendPassword(harness, { shared, password: "second" }), withoutExchange);
    assert.equal(harness.system.calls.length, 1);
  }));

test("a new exchange takes the place of the one before it", () =>
  withMemoryAgent({}, async (harness) => {
    const first = await exchangeKeys(harness);
    const second = await exchangeKeys(harness);
    assert.notEqual(first, second);
    assert.deepEqual(await sendPassword(harness, { shared: first, password: "old" }), invalid);
    assert.deepEqual(await sendPassword(harness, { shared: second, password: "new" }), done);
  }));

test("a refused keyinit leaves the exchange as it is", () =>
  withMemoryAgent({}, async (harness) => {
    const shared = await exchangeKeys(harness);
    assert.equal((await harness.ask("keyinit", "1")).returncode, "500");
    assert.deepEqual(await sendPassword(harness, { shared, password: "x" }), done);
  }));

test("the exchange bears failures below the limit", () =>
  withMemoryAgent({}, async (harness) => {
    const shared = await exchangeKeys(harness);
    for (let failure = 1; failure < EXCHANGE_FAILURES_MAX; failure += 1) {
      assert.deepEqual(await sendPassword(harness, { shared: WRONG, password: "x" }), invalid);
    }
    assert.deepEqual(await sendPassword(harness, { shared, password: "x" }), done);
  }));

test("the exchange ends with the last failure allowed", () =>
  withMemoryAgent({}, async (harness) => {
    const shared = await exchangeKeys(harness);
    for (let failure = 1; failure <= EXCHANGE_FAILURES_MAX; failure += 1) {
      assert.deepEqual(await sendPassword(harness, { shared: WRONG, password: "x" }), invalid);
    }
    assert.deepEqual(await sendPassword(harness, { shared, password: "x" }), withoutExchange);
    assert.deepEqual(harness.system.calls, []);
  }));

test("a chpasswd that fails is told without the password, and the exchange stays usable", () => {
  let failures = 1;
  const run = () => (failures-- > 0 ? { status: 1, stderr: "bad: root:hunter2" } : undefined);
  return withMemoryAgent({ run }, async (harness) => {
    const shared = await exchangeKeys(harness);
    const reply = await sendPassword(harness, { shared, password: "hunter2" });
    assert.equal(reply.returncode, "500");
    assert.match(reply.message, /Failed to change password for root/);
    assert.ok(!JSON.stringify(reply).includes("hunter2"));
    assert.ok(!harness.lines.join("\n").includes("hunter2"));
    assert.deepEqual(await sendPassword(harness, { shared, password: "hunter2" }), done);
  });
});

test("chpasswd that fails again and again ends the exchange", () =>
  withMemoryAgent({ run: () => ({ status: 1 }) }, async (harness) => {
    const shared = await exchangeKeys(harness);
    for (let failure = 1; failure <= EXCHANGE_FAILURES_MAX; failure += 1) {
      assert.equal((await sendPassword(harness, { shared, password: "x" })).returncode, "500");
    }
    assert.deepEqual(await sendPassword(harness, { shared, password: "x" }), withoutExchange);
  }));

test("other requests in between leave the exchange alone", () =>
  withMemoryAgent({}, async (harness) => {
    const shared = await exchangeKeys(harness);
    for (const name of ["version", "nonsense", "injectfile"]) await harness.ask(name);
    for (let index = 0; index <= EXCHANGE_FAILURES_MAX; index += 1) await harness.askRaw("{");
    assert.deepEqual(await sendPassword(harness, { shared, password: "x" }), done);
  }));
