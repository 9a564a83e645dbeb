import * as z from "zod/mini";
import type { ServerPort } from "./server.ts";

const report = z.object({
  is_published: z.boolean(),
  domid: z.nullable(z.number()),
  os: z.nullable(z.object({ name: z.string(), version: z.string(), distro: z.string() })),
  kernel: z.nullable(z.string()),
  memory: z.nullable(z.object({ total_kib: z.number(), free_kib: z.number() })),
  volumes: z.array(
    z.object({
      name: z.string(),
      mount: z.string(),
      size_bytes: z.nullable(z.number()),
      free_bytes: z.nullable(z.number()),
      filesystem: z.string(),
    }),
  ),
  interfaces: z.array(
    z.object({
      vif: z.number(),
      name: z.string(),
      mac: z.nullable(z.string()),
      addresses: z.array(z.string()),
    }),
  ),
  tools_version: z.nullable(z.string()),
  updated_at: z.nullable(z.string()),
  nodes: z.array(z.object({ path: z.string(), value: z.string() })),
});

export const reportAnswer = z.object({ report });

/** What a guest tells of itself in XenStore. All of it is what the guest claims. */
export type GuestReport = z.output<typeof report>;
export type GuestVolume = GuestReport["volumes"][number];
export type GuestInterface = GuestReport["interfaces"][number];

/** As the Networks tab calls it: by its place, and by the network that it is in, where its MAC tells. */
export function nameInterface(
  { vif, name, mac }: GuestInterface,
  ports: readonly Pick<ServerPort, "mac" | "network">[],
): string {
  const port = ports.find((each) => each.mac.toLowerCase() === mac);
  const place = port === undefined ? `Card ${vif}` : `Card ${vif}: ${port.network.name}`;
  // What the service calls it where the guest has not told.
  return name === `VIF ${vif}` ? place : `${place} (${name})`;
}

/** Why a guest has published nothing, and what to do. */
export interface Silence {
  readonly why: string;
  readonly remedy: string;
}

/** Why there is no report of a server. */
export function explainSilence({ vm_state: vmState }: { readonly vm_state: string }): Silence {
  switch (vmState) {
    case "building":
      return {
        why: "The server is being built: its guest has not booted far enough to tell anything.",
        remedy: "Wait: it appears here by itself.",
      };
    case "stopped":
      return {
        why: "The server is off, and what a guest tells goes when it stops.",
        remedy: "Start it: it tells anew when it has booted.",
      };
    case "error":
      return {
        why: "The server is in error: its guest may not run.",
        remedy: "See what was done last, then reboot it hard.",
      };
    case "rescued":
      return {
        why: "The server runs a rescue system, which has no guest tools.",
        remedy: "That of the server itself comes back when rescue mode ends.",
      };
    default:
      return {
        why: "The guest runs and has told nothing: xe-daemon, its guest tools, is not installed or does not run, or the guest is still booting.",
        remedy:
          "Wait a minute if it has just booted. Otherwise install and start xe-daemon in the guest: the Agent tab has the commands.",
      };
  }
}
