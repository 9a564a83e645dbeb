import assert from "node:assert/strict";
import { test } from "node:test";
import { globPattern, isGlob } from "../src/glob.ts";

// By glob(7).
const fits: readonly (readonly [string, string, boolean])[] = [
  ["/etc/x", "/etc/x", true],
  ["/etc/x", "/etc/xy", false],
  ["/etc/*.conf", "/etc/a.conf", true],
  ["/etc/*.conf", "/etc/a-conf", false],
  ["/etc/*.conf", "/etc/d/a.conf", false],
  ["/etc/*", "/etc/.hidden", false],
  ["/etc/.h*", "/etc/.hidden", true],
  ["/etc/eth?", "/etc/eth0", true],
  ["/etc/eth?", "/etc/eth", false],
  ["/etc/eth[0-3]", "/etc/eth2", true],
  ["/etc/eth[0-3]", "/etc/eth4", false],
  ["/etc/eth[!0-3]", "/etc/eth4", true],
  ["/etc/eth[!0-3]", "/etc/eth!", true],
  ["/etc/[]x]", "/etc/]", true],
  ["/etc/[x", "/etc/[x", true],
  ["/etc/a(b)", "/etc/a(b)", true],
  ["/etc/n.d/*", "/etc/nxd/a", false],
];

for (const [glob, path, isFitting] of fits) {
  test(`${glob} ${isFitting ? "fits" : "does not fit"} ${path}`, () => {
    assert.equal(globPattern(glob).test(path), isFitting);
  });
}

test("a pattern is told by the last part of a path", () => {
  assert.equal(isGlob("/etc/*"), true);
  assert.equal(isGlob("/etc/a?"), true);
  assert.equal(isGlob("/etc/[ab]"), true);
  assert.equal(isGlob("/etc/*/a"), false);
});
