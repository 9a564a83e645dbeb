import { BuildProgress, FailedBuildOnly } from "../build-progress.tsx";
import type { TabProps } from "../tab-props.ts";
import { ConsoleSection } from "./console-section.tsx";
import { MetadataSection } from "./metadata-section.tsx";
import { OrderSection } from "./order-section.tsx";
import { ReportSection } from "./report-section.tsx";

/** What the server is: as it was ordered, and as its guest tells. */
export function OverviewTab({ server }: TabProps) {
  return (
    <>
      {server.vm_state === "building" && <BuildProgress server={server} />}
      {server.vm_state === "error" && <FailedBuildOnly server={server} />}
      <div class="columns">
        <ReportSection server={server} />
        <OrderSection server={server} />
      </div>
      <MetadataSection server={server} />
      <ConsoleSection server={server} />
    </>
  );
}
