import assert from "node:assert/strict";
import type { ProcessTest } from "../support/guestctl.ts";

const commands = [
  ["operations"],
  ["build", "web-1", "--image", "debian", "--flavor", "small"],
  ["rescue", "web-1", "--generate"],
  ["unrescue", "web-1"],
  ["network", "list", "web-1"],
  ["network", "attach", "web-1", "private"],
  ["network", "detach", "web-1", "port"],
] as const;

/** What the program without HTTP says to commands that ask the API. */
export function apiRefusalTests(test: ProcessTest): void {
  for (const args of commands) {
    test(`${args.slice(0, 2).join(" ")} names the program that can`, async (_context, guestctl) => {
      const text = await guestctl.ask(args);
      assert.deepEqual([text.status, text.stdout], [6, ""]);
      assert.match(text.stderr, /^guestctl: This executable speaks to XenStore alone.*runs on Node\n$/);
      const json = await guestctl.ask([...args, "--json"]);
      assert.equal(json.status, 6);
      assert.match(json.stdout, /^\{"error":\{"code":"NO_HTTP","message":"/);
    });
  }
}
