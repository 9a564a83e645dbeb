import { useOperations } from "../../../state/use-operations.ts";
import { useReport } from "../../../state/use-report.ts";
import { valueOf } from "../../../state/use-resource.ts";
import type { TabProps } from "../tab-props.ts";
import { AgentSection } from "./agent-section.tsx";
import { FindingsSection } from "./findings-section.tsx";
import { RequestsSection } from "./requests-section.tsx";
import { TroubleshootingSection } from "./troubleshooting-section.tsx";

/** How the guest's agent is, what it was asked, and what to do when it does not answer. */
export function AgentTab({ server }: TabProps) {
  const report = useReport(server.id);
  const operations = useOperations(server.id);
  return (
    <>
      <div class="columns">
        <div class="column">
          <AgentSection server={server} />
          <RequestsSection operations={operations} />
        </div>
        <FindingsSection server={server} />
      </div>
      <TroubleshootingSection server={server} os={valueOf(report)?.os ?? null} />
    </>
  );
}
