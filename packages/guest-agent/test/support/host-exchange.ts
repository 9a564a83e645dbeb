import assert from "node:assert/strict";
import type { Reply } from "../../src/protocol/reply.ts";
import { encryptPassword } from "./encrypt-password.ts";
import type { Harness } from "./agent-harness.ts";
import { hostPower } from "./host-power.ts";

/** The host's private key: 80 bits, as Nova draws them. */
const HOST_KEY = 0x0123456789abcdef0123n;

/** Does `keyinit` and returns the number both sides share, as decimal text. */
export async function exchangeKeys({ ask }: Pick<Harness, "ask">): Promise<string> {
  const reply = await ask("keyinit", hostPower(5n, HOST_KEY).toString());
  assert.equal(reply.returncode, "D0");
  return hostPower(BigInt(reply.message), HOST_KEY).toString();
}

/** Sends a password under an exchange, with the line end that Nova adds. */
export function sendPassword(
  { ask }: Pick<Harness, "ask">,
  parts: { readonly shared: string; readonly password: string; readonly digest?: "md5" | "sha256" },
): Promise<Reply> {
  const { shared, password, digest = "md5" } = parts;
  const data = encryptPassword({ shared, plain: `${password}\n`, digest });
  return ask("password", Buffer.from(data).toString("base64"));
}
