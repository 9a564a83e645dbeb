import assert from "node:assert/strict";
import { describe } from "node:test";
import { systemTest } from "@nova-agent/testbed";
import type { GoldenNetwork } from "../golden-case.ts";
import { expectedOf, modelsAndRandom, wantedOf } from "../models.ts";
import type { ResetOutcome } from "./guest-program.ts";
import { type IfupPackage, resetGuestOf } from "./guest.ts";

const needs = ["namespaces", "apt", "ip", "python3"] as const;
const timeoutMs = 240_000;

/** MAC addresses of the guest's eth0, eth1 and eth2, which stand in for those of a model. */
const macs = ["bc:76:4e:20:6c:5b", "40:40:97:83:78:2e", "00:16:3e:00:00:03"];

function onGuest({ vifs, networking }: GoldenNetwork): GoldenNetwork {
  let text = JSON.stringify(networking);
  for (const [index, { mac }] of vifs.entries()) {
    text = text
      .replaceAll(new RegExp(mac, "gi"), macs[index] ?? "")
      .replaceAll(mac.replaceAll(":", ""), `key${index}`);
  }
  return {
    vifs: macs.map((mac, index) => ({ name: `eth${index}`, mac, index })),
    networking: JSON.parse(text) as GoldenNetwork["networking"],
  };
}

/** What a guest has of one interface, as `expectedOf` spells it; for a host's route the prefix length, which `ip` leaves out. */
function readBack({ addresses, routes, links }: ResetOutcome, name: string) {
  const mtu = links.find((line) => line.startsWith(`${name} `))?.split(" ")[2];
  return {
    addresses: addresses
      .flatMap((line) => (line.startsWith(`${name} `) ? [line.slice(name.length + 1)] : []))
      .toSorted(),
    routes: routes
      .filter((line) => `${line} `.includes(` dev ${name} `))
      .map((line) =>
        line
          .replace(` dev ${name}`, "")
          .replace(" onlink", "")
          .replace(/ metric 1$/, "")
          .replace(/^([\d.]+) via/, "$1/32 via")
          .replace(/^([\da-f:]+) via/, "$1/128 via"),
      )
      .toSorted(),
    mtuBytes: Number(mtu),
  };
}

/** Each with as many random networks as it makes in a few seconds. */
const packages: readonly (readonly [IfupPackage, number])[] = [
  ["ifupdown", 12],
  ["busybox-static", 12],
  ["ifupdown-ng", 12],
  ["ifupdown2", 6],
];

describe("models", { concurrency: packages.length }, () => {
  for (const [debianPackage, randomCount] of packages) {
    systemTest(
      `${debianPackage} brings up every model and ${randomCount} random networks, one after the other`,
      { needs, timeoutMs },
      async (context) => {
        const models = modelsAndRandom(context, randomCount).map(
          ([name, network]) => [name, onGuest(network)] as const,
        );
        const outcomes = await resetGuestOf(
          debianPackage,
          context,
          models.map(([, network]) => network),
        );
        assert.equal(outcomes.length, models.length);
        for (const [index, [model, network]] of models.entries()) {
          const outcome = outcomes[index];
          assert.ok(outcome);
          assert.equal(outcome.error, undefined, model);
          for (const [name, wanted] of Object.entries(expectedOf(wantedOf(network)))) {
            const { mtuBytes, ...found } = readBack(outcome, name);
            const { addresses, routes } = wanted;
            assert.deepEqual(found, { addresses, routes }, `${model}: ${name}`);
            if (wanted.mtuBytes !== undefined) assert.equal(mtuBytes, wanted.mtuBytes, `${model}: ${name}`);
          }
        }
      },
    );
  }
});
