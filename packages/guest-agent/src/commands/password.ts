import { AgentError } from "../errors.ts";
import { PASSWORD_MAX_BYTES } from "../limits.ts";
import type { Plan } from "../plan.ts";
import { decodeBase64 } from "../protocol/base64.ts";
import { decryptPassword } from "../protocol/password-cipher.ts";
import type { RequestValue } from "../protocol/request.ts";
import type { Secret } from "../secret.ts";
import { command } from "./command.ts";

/** What ends a line or a text for the programs that set passwords, which would take a part for the whole. */
const forbidden: readonly (readonly [number, string])[] = [
  [0x00, "a NUL byte"],
  [0x0d, "a carriage return"],
  [0x0a, "a line feed"],
];

/**
 * `password`: base64 of the password, encrypted with the number that `keyinit` agreed. It ends the
 * exchange when it succeeds; after a failure the host may try again with the same one.
 */
export const password = command({
  name: "password",
  usesExchange: true,
  gather: ({ exchange, config }) => Promise.resolve({ shared: exchange, user: config.passwordUser }),
  plan: planPassword,
});

interface PasswordFacts {
  /** The number both sides share; undefined without an exchange. */
  readonly shared: Secret | undefined;
  readonly user: string;
}

function planPassword(value: RequestValue, { shared, user }: PasswordFacts): Plan {
  if (shared === undefined) throw new AgentError("AGENT_BAD_PAYLOAD", "Password without key exchange");
  const data = typeof value === "string" ? decodeBase64(value) : undefined;
  if (data === undefined) throw new AgentError("AGENT_BAD_PAYLOAD", "Couldn't decode base64 data");
  const password = decryptPassword(shared, data);
  const fault = faultOfPassword(password.reveal());
  if (fault !== undefined) {
    password.wipe();
    throw new AgentError("AGENT_BAD_PAYLOAD", fault);
  }
  return {
    steps: [{ step: "setPassword", user, password }],
    reply: { returncode: "0", message: "" },
    exchange: { kind: "end" },
  };
}

/** Why a password cannot be set, or undefined when it can. */
export function faultOfPassword(password: Uint8Array): string | undefined {
  if (password.length === 0) return "Password must not be empty";
  if (password.length > PASSWORD_MAX_BYTES) {
    return `Password must not be longer than ${PASSWORD_MAX_BYTES} bytes, this one has ${password.length}`;
  }
  const found = forbidden.find(([byte]) => password.includes(byte));
  return found === undefined ? undefined : `Password must not contain ${found[1]}`;
}
