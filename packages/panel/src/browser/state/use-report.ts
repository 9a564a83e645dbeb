import { useEffect } from "preact/hooks";
import { guestPath } from "../http/server-paths.ts";
import { REPORT_EVERY_MS } from "../limits.ts";
import { type GuestReport, reportAnswer } from "../model/report.ts";
import { usePanel } from "./panel.ts";
import { type Resource, useResource } from "./use-resource.ts";

/** What the guest of a server tells of itself; nobody is told when it tells something else, so it is asked for. */
export function useReport(serverId: string): Resource<GuestReport> {
  const { client } = usePanel();
  const path = `${guestPath(serverId)}/report`;
  const resource = useResource({
    key: serverId,
    load: async (signal) => (await client.get(path, reportAnswer, signal)).report,
    concerns: ({ kind, server_id }) => kind !== "operation" && server_id === serverId,
  });
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") resource.reload();
    }, REPORT_EVERY_MS);
    return () => clearInterval(timer);
  }, [resource]);
  return resource;
}
