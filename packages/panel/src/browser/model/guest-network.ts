import * as z from "zod/mini";
import { PanelError } from "../errors.ts";
import { guestText } from "./guest-text.ts";

const gateway = z.optional(z.nullable(z.string()));

const networkInterface = z.object({
  /** Null for a card that the guest has and the service does not know. */
  port_id: z.nullable(z.string()),
  vif: z.number(),
  network: z.nullable(z.string()),
  mac: z.nullable(z.string()),
  wanted: z.nullable(
    z.object({
      addresses: z.array(z.string()),
      gateway,
      gateway6: gateway,
      dns: z.array(z.string()),
      routes: z.array(z.object({ destination: z.string(), gateway: z.string() })),
    }),
  ),
  /** Null when the guest has not told. */
  applied: z.nullable(z.object({ addresses: z.array(z.string()) })),
  differences: z.array(z.string()),
});

const network = z.object({
  interfaces: z.array(networkInterface),
  last_reset: z.nullable(
    z.object({ at: z.nullable(z.string()), result: z.string(), words: z.nullable(guestText) }),
  ),
});

export const networkAnswer = z.object({ network });

const preview = z.object({
  /** A free one in the network that would be attached. */
  address: z.nullable(z.string()),
  lines: z.array(z.object({ sign: z.enum([" ", "+", "-"]), text: z.string() })),
  warnings: z.array(z.string()),
});

export const previewAnswer = z.object({ preview });

/** The networks of a server: what is wanted, and what its guest has. */
export type GuestNetwork = z.output<typeof network>;
export type NetworkInterface = z.output<typeof networkInterface>;
/** What a change would do, before it is done. */
export type NetworkPreview = z.output<typeof preview>;
export type PreviewLine = NetworkPreview["lines"][number];

/** What a preview is asked of. */
export type NetworkChange =
  | { readonly attach: { readonly network_id: string; readonly address?: string } }
  | { readonly detach: { readonly port_id: string } };

/** Why taking a card away may make the server unreachable; undefined when it hardly can. */
export function riskOfDetaching(
  card: NetworkInterface,
  all: readonly NetworkInterface[],
): string | undefined {
  if (all.filter(({ port_id: portId }) => portId !== null).length <= 1) {
    return "It is the server's last network card: afterwards nothing reaches the server.";
  }
  const { wanted } = card;
  if (hasText(wanted?.gateway) || hasText(wanted?.gateway6)) {
    return "The server's default route leads through it: afterwards other networks may not reach the server.";
  }
  return undefined;
}

/** The word for a line's sign, for those who do not see it. */
export function signWord(sign: PreviewLine["sign"]): string {
  if (sign === "+") return "Added";
  return sign === "-" ? "Removed" : "Unchanged";
}

function hasText(text: string | null | undefined): boolean {
  return text !== null && text !== undefined && text !== "";
}

/** Whether somebody else was quicker with an address. */
export function isAddressTaken(error: Error): boolean {
  return error instanceof PanelError && error.status === 409 && /^Address .* is in use/u.test(error.message);
}

/** An address without the length of its network's prefix. */
export function withoutPrefix(address: string): string {
  return address.replace(/\/\d+$/u, "");
}
