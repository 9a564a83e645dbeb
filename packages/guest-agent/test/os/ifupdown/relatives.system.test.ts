import assert from "node:assert/strict";
import { systemTest } from "@nova-agent/testbed";
import { HOST_COMMENT } from "../../../src/network/shell-file.ts";
import { readGoldenNetwork } from "../golden-case.ts";
import type { ResetOutcome } from "./guest-program.ts";
import {
  canonical,
  type IfupPackage,
  networks,
  resetGuestOf,
  resetResolver,
  stateOf,
  twoGateways,
} from "./guest.ts";

const timeoutMs = 120_000;
const servers = `${HOST_COMMENT}\nnameserver 203.0.113.53\nnameserver 203.0.113.54\n`;

/** Relatives of Debian's ifupdown, and whether their state is text. */
const relatives: readonly (readonly [IfupPackage, boolean])[] = [
  ["busybox-static", true],
  ["ifupdown-ng", true],
  ["ifupdown2", false],
];

interface State extends ReturnType<typeof stateOf> {
  readonly addresses: readonly string[];
}

/** What differs between them and is right either way: gateways on the link, ifupdown-ng's metric 1. */
function plain(state: State, hasState: boolean): State {
  const routes = state.routes.map((route) => route.replace(/ onlink$/, "").replace(/ metric 1(?= |$)/, ""));
  return { ...state, routes: routes.toSorted(), up: hasState ? state.up : [] };
}

function assertState(outcome: ResetOutcome | undefined, wanted: State, hasState: boolean): void {
  assert.ok(outcome);
  assert.equal(outcome.error, undefined);
  assert.deepEqual(plain(stateOf(outcome), hasState), plain(wanted, hasState));
}

for (const [debianPackage, hasState] of relatives) {
  const needs = [
    "namespaces",
    "apt",
    "ip",
    ...(debianPackage === "ifupdown2" ? ["python3" as const] : []),
  ] as const;

  systemTest(
    `${debianPackage} brings the canonical network up, another one, and the first one again`,
    { needs, timeoutMs },
    async (context) => {
      const names = ["canonical", "canonical", "two-gateways", "canonical"];
      const [first, again, other, back] = await resetGuestOf(
        debianPackage,
        context,
        names.map(readGoldenNetwork),
      );
      assertState(first, canonical, hasState);
      assertState(again, canonical, hasState);
      assertState(other, twoGateways, hasState);
      assertState(back, canonical, hasState);
      assert.equal(again?.steps, 0);
      assert.equal(first?.resolvConf, servers);
      assert.equal(back?.interfaces, first?.interfaces);
    },
  );

  for (const [name, wanted] of Object.entries(networks)) {
    systemTest(`${debianPackage} brings the network ${name} up`, { needs, timeoutMs }, async (context) => {
      const [outcome, again] = await resetGuestOf(debianPackage, context, [
        readGoldenNetwork(name),
        readGoldenNetwork(name),
      ]);
      assertState(outcome, wanted, hasState);
      assert.equal(again?.steps, 0);
    });
  }
}

for (const resolver of ["resolvconf", "openresolv"] as const) {
  systemTest(
    `${resolver} makes /etc/resolv.conf of the wanted name servers, and of others later`,
    { needs: ["namespaces", "apt", "ip"], timeoutMs },
    async (context) => {
      const canonicalNetwork = readGoldenNetwork("canonical");
      const [first, again, other] = await resetResolver(resolver, context, [
        canonicalNetwork,
        canonicalNetwork,
        readGoldenNetwork("v6-only"),
      ]);
      assert.ok(first && again && other);
      assert.equal(first.error, undefined);
      assert.deepEqual(serversIn(first.resolvConf), ["203.0.113.53", "203.0.113.54"]);
      assert.match(first.resolvConf, /^# .*resolvconf/m);
      assert.equal(again.steps, 0);
      assert.deepEqual(serversIn(other.resolvConf), ["2001:db8::53"]);
    },
  );
}

function serversIn(text: string): (string | undefined)[] {
  return [...text.matchAll(/^nameserver (.*)$/gm)].map(([, server]) => server);
}
