import type { GuestCall, HostConnector } from "../host-connector.ts";

export interface ResetNetworkResult {
  readonly domid: number;
  /**
   * False when the agent answered 500, which old agents on FreeBSD and Gentoo also do after a reset that
   * worked. Nova takes it for success; nova-agent 3 answers a failure with 1, which is GUEST_REFUSED.
   */
  readonly isConfirmed: boolean;
  readonly message: string;
}

/** Lets the guest set up its network anew from what XenStore says under `vm-data`. */
export async function resetNetwork(connector: HostConnector, call: GuestCall): Promise<ResetNetworkResult> {
  return connector.hold(call, async (guest) => {
    const reply = await guest.ask({ name: "resetnetwork", value: "" });
    return { domid: guest.domid, isConfirmed: reply.returncode === "0", message: reply.message };
  });
}
