import { useEffect } from "preact/hooks";
import { readGuestNetwork } from "../http/network-calls.ts";
import { NETWORK_DIFFERS_EVERY_MS, REPORT_EVERY_MS } from "../limits.ts";
import type { GuestNetwork } from "../model/guest-network.ts";
import { usePanel } from "./panel.ts";
import { type Resource, useResource, valueOf } from "./use-resource.ts";

/** The networks of a server beside those of its guest, who tells nobody when it has set them up. */
export function useGuestNetwork(serverId: string): Resource<GuestNetwork> {
  const { client } = usePanel();
  const resource = useResource({
    key: serverId,
    load: (signal) => readGuestNetwork(client, serverId, signal),
    concerns: ({ server_id }) => server_id === serverId,
  });
  const differs = valueOf(resource)?.interfaces.some(({ differences }) => differences.length > 0) ?? false;
  useEffect(() => {
    const timer = setInterval(
      () => {
        if (document.visibilityState === "visible") resource.reload();
      },
      differs ? NETWORK_DIFFERS_EVERY_MS : REPORT_EVERY_MS,
    );
    return () => clearInterval(timer);
  }, [resource, differs]);
  return resource;
}
