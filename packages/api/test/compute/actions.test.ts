import assert from "node:assert/strict";
import { test } from "node:test";
import { HostError } from "@nova-agent/host";
import { publicNet, rescueImage } from "./support/samples.ts";
import { World } from "./support/world.ts";

const world = await World.open();

function action(body: object): { readonly method: string; readonly body: unknown } {
  return { method: "POST", body };
}

const activation = { activation_key: "k", profile: "web", domains: ["rhn.example.org"] };

/** Each action as clients send it, and what the instance is asked. */
const actions = [
  [{ reboot: { type: "SOFT" } }, "reboot", "soft"],
  [{ reboot: { type: "HARD" } }, "reboot", "hard"],
  [{ unrescue: null }, "unrescue", undefined],
  [{ "os-start": null }, "start", undefined],
  [{ "os-stop": {} }, "stop", undefined],
  [{ resetNetwork: null }, "resetNetwork", undefined],
  [{ injectNetworkInfo: null }, "injectNetworkInfo", undefined],
  [{ addFixedIp: { networkId: publicNet.id } }, "addFixedIp", publicNet.id],
  [{ removeFixedIp: { address: "192.0.2.9" } }, "removeFixedIp", "192.0.2.9"],
  [{ forceDelete: null }, "remove", undefined],
  [
    { registerRedHat: activation },
    "registerRedHat",
    { activationKey: "k", profile: "web", domains: ["rhn.example.org"] },
  ],
] as const;

test("each action is passed on and answered 202", async () => {
  for (const [body, what, input] of actions) {
    const { add, ask } = world.project();
    const { id } = await add();
    const { status } = await ask(`/servers/${id}/action`, action(body));
    assert.equal(status, 202, what);
    assert.deepEqual(world.instances.asked, [{ what, id, ...(input === undefined ? {} : { input }) }]);
  }
});

test("no action is open to readers and to other projects", async () => {
  const { add, ask } = world.project();
  const { id } = await add();
  for (const [body, what] of [...actions, [{ rescue: null }, "rescue"] as const]) {
    assert.equal((await ask(`/servers/${id}/action`, { ...action(body), as: "reader" })).status, 403, what);
    assert.equal((await ask(`/servers/${id}/action`, { ...action(body), as: "other" })).status, 404, what);
  }
  assert.deepEqual(world.instances.asked, []);
});

test("what cannot be done now is a conflict in the host's words", async () => {
  const { add, ask } = world.project();
  const { id } = await add();
  world.failWith(new HostError("WRONG_STATE", "Cannot 'unrescue' instance while it is in vm_state active"));
  const { status, body } = await ask(`/servers/${id}/action`, action({ unrescue: null }));
  assert.equal(status, 409);
  assert.match(body.conflictingRequest.message, /^Cannot 'unrescue'/);
});

test("a rescue answers its password, given or made", async () => {
  const { add, ask } = world.project();
  const { id } = await add();
  const given = { adminPass: "s3cret", rescue_image_ref: rescueImage.id };
  const first = await ask(`/servers/${id}/action`, action({ rescue: given }));
  assert.deepEqual([first.status, first.body], [200, { adminPass: "s3cret" }]);
  const passwords: string[] = [];
  for (const rescue of [null, {}]) {
    const { status, body } = await ask(`/servers/${id}/action`, action({ rescue }));
    assert.equal(status, 200);
    assert.match(body.adminPass, /^\w{12}$/);
    passwords.push(body.adminPass);
  }
  assert.notEqual(passwords[0], passwords[1]);
  assert.deepEqual(
    world.instances.asked.map(({ input }) => input),
    [
      { adminPass: "s3cret", imageId: rescueImage.id },
      { adminPass: passwords[0], imageId: undefined },
      { adminPass: passwords[1], imageId: undefined },
    ],
  );
});

test("what is answered to actions for the network has no body, in any version that has them", async () => {
  const always = [{ resetNetwork: null }, { injectNetworkInfo: null }];
  const until43 = [
    { addFixedIp: { networkId: publicNet.id } },
    { removeFixedIp: { address: "192.0.2.9" } },
  ] as const;
  const { add, ask } = world.project();
  const { id } = await add();
  const path = `/servers/${id}/action`;
  for (const [bodies, versions] of [
    [always, [1, 90]],
    [until43, [1, 43]],
  ] as const) {
    for (const version of versions) {
      for (const body of bodies) {
        const answer = await ask(path, { ...action(body), version });
        assert.deepEqual([answer.status, answer.body], [202, undefined], JSON.stringify(body));
      }
    }
  }
  world.instances.asked = [];
  for (const body of until43) {
    assert.equal((await ask(path, { ...action(body), version: 44 })).status, 404, JSON.stringify(body));
  }
  assert.deepEqual(world.instances.asked, []);
});

test("an action that there is not, and two at once, are refused", async () => {
  const { add, ask } = world.project();
  const { id } = await add();
  for (const body of [{ dance: null }, {}, { "os-start": null, "os-stop": null }, []]) {
    assert.equal((await ask(`/servers/${id}/action`, action(body))).status, 400);
  }
});

test("the console's last lines are answered, and its absence is said", async () => {
  const { add, ask } = world.project();
  const { id } = await add();
  const path = `/servers/${id}/action`;
  assert.equal((await ask(path, action({ "os-getConsoleOutput": {} }))).status, 404);
  world.instances.console = "one\ntwo\nthree\n";
  const lengths = [
    [{}, "one\ntwo\nthree\n"],
    [{ length: -1 }, "one\ntwo\nthree\n"],
    [{ length: null }, "one\ntwo\nthree\n"],
    [{ length: 2 }, "two\nthree\n"],
    [{ length: "1" }, "three\n"],
    [{ length: 0 }, ""],
    [{ length: 50 }, "one\ntwo\nthree\n"],
  ] as const;
  for (const [input, output] of lengths) {
    const { status, body } = await ask(path, action({ "os-getConsoleOutput": input }));
    assert.deepEqual([status, body], [200, { output }]);
  }
});
