import { useEffect } from "preact/hooks";
import { Loaded } from "../../components/loading.tsx";
import { Page } from "../../components/page.tsx";
import { FLEET_COALESCE_MS, FLEET_EVERY_MS } from "../../limits.ts";
import { type Fleet, fleetAnswer } from "../../model/fleet.ts";
import { usePanel } from "../../state/panel.ts";
import { type Resource, useResource } from "../../state/use-resource.ts";
import { AgentlessSection, AgentsSection } from "./agents-section.tsx";
import { HostSection } from "./host-section.tsx";
import { KindsSection } from "./kinds-section.tsx";
import { OperationsSection } from "./operations-section.tsx";
import { ServersSection } from "./servers-section.tsx";
import { SlowestSection } from "./slowest-section.tsx";

/** How the host and all its guests are, for administrators. */
export function FleetPage() {
  const resource = useFleet();
  return (
    <Page title="Fleet">
      <Loaded what="fleet" resource={resource}>
        {(fleet) => (
          <>
            <div class="columns">
              <div class="stack">
                <HostSection fleet={fleet} />
                <AgentsSection fleet={fleet} />
              </div>
              <ServersSection fleet={fleet} />
            </div>
            <AgentlessSection fleet={fleet} />
            <OperationsSection fleet={fleet} />
            <KindsSection fleet={fleet} />
            <SlowestSection fleet={fleet} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** Counted anew while things change, and now and then when nothing does: a lost host tells nobody. */
function useFleet(): Resource<Fleet> {
  const { client } = usePanel();
  const resource = useResource({
    key: "fleet",
    load: async (signal) => (await client.get("/guests/v1/fleet", fleetAnswer, signal)).fleet,
    concerns: () => true,
    coalesceMs: FLEET_COALESCE_MS,
  });
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") resource.reload();
    }, FLEET_EVERY_MS);
    return () => clearInterval(timer);
  }, [resource]);
  return resource;
}
