import assert from "node:assert/strict";
import { test } from "node:test";
import type { KernelLink, KernelNetwork } from "../../../src/network/kernel-network.ts";
import { joinNetwork, type WantedNetwork } from "../../../src/network/wanted-network.ts";
import { parseNetworking } from "../../../src/network/parse-networking.ts";
import { ifupdown } from "../../../src/os/ifupdown/backend.ts";
import { renderStanzas } from "../../../src/os/ifupdown/render.ts";
import { type GoldenNetwork, planOf, readGoldenCases, spellSteps, withAllUp } from "../golden-case.ts";

const STATE = "/run/network/ifstate";

const states: readonly (readonly [string, string | undefined, boolean])[] = [
  ["has no state, because ifup never ran since the start", undefined, false],
  ["knows nothing of the interface", "lo=lo\n", false],
  ["has another interface up, whose name begins alike", "lo=lo\neth00=eth00\n", false],
  ["has it up by another name's stanzas", "lo=lo\neth0=home\n", false],
  ["has it up", "lo=lo\neth0=eth0\n", true],
];

for (const [what, state, isUp] of states) {
  test(`an interface whose file is right is ${isUp ? "left alone" : "brought up"} when ifup ${what}`, () => {
    const golden = readGoldenCases("ifupdown").find(({ name }) => name === "no-gateway");
    assert.ok(golden);
    const { network, evidence, after } = golden;
    const files = new Map([...after, ...(state === undefined ? [] : [[STATE, state] as const])]);
    const steps = spellSteps(planOf(network, { files, evidence }).steps);
    assert.equal(/^run ifup eth0$/m.test(steps), !isUp);
    assert.doesNotMatch(steps, /^write/m);
  });
}

/** What the kernel has when both interfaces of the canonical network are as they are wanted. */
function kernelWithout(missing: string): KernelNetwork {
  const golden = readGoldenCases("ifupdown").find(({ name }) => name === "canonical");
  assert.ok(golden);
  const { interfaces } = wantedOf(golden.network);
  const links = interfaces.map(({ name, addresses }): KernelLink => {
    const there = addresses.map((address) => ({ ...address, isDynamic: false }));
    return { name, isUp: true, mtuBytes: 1500, addresses: name === missing ? there.slice(1) : there };
  });
  return {
    links: new Map(links.map((link) => [link.name, link])),
    routes: interfaces.flatMap(({ name, routes }) =>
      routes.map((route) => ({ ...route, linkName: name, isAnnounced: false })),
    ),
  };
}

function wantedOf({ networking, vifs }: GoldenNetwork): WantedNetwork {
  const links = Object.entries(networking).map(([key, value]) => parseNetworking(key, JSON.stringify(value)));
  return joinNetwork(links, vifs);
}

const kernels = [
  ["the kernel has both interfaces", "", []],
  ["the kernel lacks an address of eth1", "eth1", ["eth1"]],
] as const;

for (const [what, missing, changed] of kernels) {
  test(`with right files ${changed.length === 0 ? "nothing" : "that interface alone"} is changed when ${what}`, () => {
    const golden = readGoldenCases("ifupdown").find(({ name }) => name === "canonical");
    assert.ok(golden);
    const { network, evidence, after } = golden;
    const steps = ifupdown.plan(wantedOf(network), {
      vifs: network.vifs,
      hostname: "web01",
      evidence: new Map(evidence.map((path) => [path, {}])),
      files: withAllUp(after, network),
      kernel: kernelWithout(missing),
    });
    const wanted = changed.flatMap((name) => [
      `if taken back: ifup --force ${name}\n`,
      `if taken back: ip address flush dev ${name}\n`,
      `run ifdown --force ${name} (undo: ip link set dev ${name} down)\n`,
      `run ip address flush dev ${name} (undo: ifdown --force ${name})\n`,
      `run ifup ${name}\n`,
    ]);
    assert.equal(spellSteps(steps), wanted.join(""));
  });
}

/** The interface of the host's with its `gateway`, and another one with a default route that came later. */
function planBesideRival(kernelHas: "all" | "no default"): string {
  const golden = readGoldenCases("ifupdown").find(({ name }) => name === "other-default");
  assert.ok(golden);
  const { network, evidence, before } = golden;
  const [first] = wantedOf(network).interfaces;
  assert.ok(first);
  const text = renderStanzas(first, {
    dialect: { mergesStanzas: true, hasOptions: true, hasDns: true },
    withoutGateway: new Set(),
  });
  const files = new Map([["/etc/network/interfaces", `${before.get("/etc/network/interfaces")}\n${text}\n`]]);
  const steps = ifupdown.plan(wantedOf(network), {
    vifs: network.vifs,
    hostname: "web01",
    evidence: new Map(evidence.map((path) => [path, {}])),
    files: withAllUp(files, network),
    kernel: {
      links: new Map(
        [first, { ...first, name: "eth1" }].map(({ name, addresses }) => [
          name,
          {
            name,
            isUp: true,
            mtuBytes: 1500,
            addresses: addresses.map((each) => ({ ...each, isDynamic: false })),
          },
        ]),
      ),
      routes: first.routes
        .filter(({ gateway }) => kernelHas === "all" || gateway.family === 6)
        .map((route) => ({ ...route, linkName: "eth0", isAnnounced: false })),
    },
  });
  return spellSteps(steps);
}

test("an interface that is up is left alone when another one's default route comes later", () => {
  assert.equal(planBesideRival("all"), "");
});

test("an interface whose default route another one keeps away is written so that it comes up", () => {
  assert.match(planBesideRival("no default"), /^write .*interfaces.*\n(.*\n)*run ifup eth0$/m);
});

/** The steps where the agent has written eth1 earlier, and the guest has eth0 alone now. */
function stepsWithoutEth1(kernelHasEth1: boolean): string {
  const golden = readGoldenCases("ifupdown").find(({ name }) => name === "canonical");
  assert.ok(golden);
  const { network, evidence, after } = golden;
  const [vif] = network.vifs;
  assert.ok(vif);
  const kept = Object.entries(network.networking).filter(
    ([key, value]) => parseNetworking(key, JSON.stringify(value)).mac === vif.mac,
  );
  const kernel = kernelWithout("");
  const links = new Map([...kernel.links].filter(([name]) => name === vif.name || kernelHasEth1));
  const files = new Map([...after, [STATE, `${vif.name}=${vif.name}\n`] as const]);
  const left = { networking: Object.fromEntries(kept), vifs: [vif] };
  const { steps } = planOf(left, { files, evidence, kernel: { ...kernel, links } });
  return steps
    .map((step) => (step.step === "writeFile" ? Buffer.from(step.content).toString() : step.step))
    .join("\n");
}

test("the stanzas of an interface that was detached go, so that ifup does not fail for it at the next boot", () => {
  const written = stepsWithoutEth1(false);
  assert.match(written, /^auto eth0$/m);
  assert.doesNotMatch(written, /eth1|# Label private/);
});

test("the stanzas of an interface that is there and is nobody's VIF stay", () => {
  assert.equal(stepsWithoutEth1(true), "");
});

test("an interface that ifup has up still and that has no stanzas any more is brought up by force", () => {
  const golden = readGoldenCases("ifupdown").find(({ name }) => name === "no-gateway");
  assert.ok(golden);
  const { network, evidence } = golden;
  const files = new Map([
    ["/etc/network/interfaces", "auto lo\niface lo inet loopback\n"],
    [STATE, "lo=lo\neth0=eth0\n"],
  ]);
  const steps = spellSteps(planOf(network, { files, evidence }).steps);
  assert.match(steps, /^run ifup --force eth0$/m);
});
