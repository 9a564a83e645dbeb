import type { GuestCall, HeldGuest, HostConnector } from "../host-connector.ts";
import { parseFeatures } from "../model/features.ts";

export interface AgentFeatures {
  /** Where the guest answered. */
  readonly domid: number;
  /** Names of the commands that the agent offers, in its order. */
  readonly features: readonly string[];
}

/** The commands that the guest's agent offers. */
export async function readFeatures(connector: HostConnector, call: GuestCall): Promise<AgentFeatures> {
  return connector.hold(call, async (guest) => {
    const features = await askFeatures(guest);
    return { domid: guest.domid, features };
  });
}

/** The same for a guest that is held already. */
export async function askFeatures(guest: HeldGuest): Promise<readonly string[]> {
  const { message } = await guest.ask({ name: "features", value: "" });
  return parseFeatures(message);
}
