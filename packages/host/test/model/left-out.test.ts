import assert from "node:assert/strict";
import test from "node:test";
import { leftOutMacs } from "../../src/model/left-out.ts";

const sentence = "Left out, because no interface of this guest has the MAC address";

/** Answers of nova-agent to `resetnetwork`, and which cards its guest does not have. */
const answers = [
  ["", []],
  [`${sentence}: 00:16:3e:00:00:01`, ["00:16:3e:00:00:01"]],
  [
    `${sentence}: 00:16:3E:00:00:0A (a; b), 00:16:3e:00:00:02; Left out, because eth0 belongs to br0`,
    ["00:16:3e:00:00:0a", "00:16:3e:00:00:02"],
  ],
  ["vm-data/networking/x of 00:16:3e:00:00:01: ips is missing; nothing is left out", []],
  [`Of 00:16:3e:00:00:07 the label is cut; ${sentence}: 00:16:3e:00:00:01`, ["00:16:3e:00:00:01"]],
] as const;

for (const [words, macs] of answers) {
  test(`of ${JSON.stringify(words)} the cards ${JSON.stringify(macs)} are left out`, () => {
    assert.deepEqual([...leftOutMacs(words)], macs);
  });
}
