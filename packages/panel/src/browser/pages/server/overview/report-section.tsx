import { Copyable } from "../../../components/copy-button.tsx";
import { Exactly } from "../../../components/exactly.tsx";
import { Fact, Facts } from "../../../components/facts.tsx";
import { Fold } from "../../../components/fold.tsx";
import { Link } from "../../../components/link.tsx";
import { Loaded } from "../../../components/loading.tsx";
import { Notice } from "../../../components/notice.tsx";
import { Section } from "../../../components/section.tsx";
import { explainSilence, type GuestReport, nameInterface, type GuestVolume } from "../../../model/report.ts";
import { formatBytes, usageOf } from "../../../model/size.ts";
import { useReport } from "../../../state/use-report.ts";
import type { TabProps } from "../tab-props.ts";
import { UsageBar } from "./usage-bar.tsx";

const KIB = 1024;

/** What the guest itself tells, by xe-daemon in XenStore. */
export function ReportSection({ server }: TabProps) {
  const resource = useReport(server.id);
  return (
    <Section title="What the guest tells">
      <Loaded what="guest's report" resource={resource}>
        {(report) =>
          report.is_published ? (
            <Published server={server} report={report} />
          ) : (
            <Unpublished server={server} report={report} />
          )
        }
      </Loaded>
    </Section>
  );
}

function Published({ server, report }: TabProps & { readonly report: GuestReport }) {
  const { os, kernel, memory, volumes, interfaces } = report;
  return (
    <>
      <Facts>
        <Fact name="System">{os === null ? "Not told" : os.name}</Fact>
        <Fact name="Kernel">{kernel ?? "Not told"}</Fact>
        <Fact name="Memory">
          <Used total={memory && memory.total_kib * KIB} free={memory && memory.free_kib * KIB} />
        </Fact>
        {volumes.map((volume, index) => (
          // Volumes have no identity but their place.
          <Fact key={index} name={nameOf(volume)}>
            <Used total={volume.size_bytes} free={volume.free_bytes} />
            {volume.filesystem !== "" && <span class="faint"> {volume.filesystem}</span>}
          </Fact>
        ))}
        {interfaces.map((each) => (
          <Fact key={each.vif} name={nameInterface(each, server.ports)}>
            <Addresses of={each} />
          </Fact>
        ))}
        <Fact name="Guest tools">{report.tools_version ?? "Not told"}</Fact>
        {report.updated_at !== null && (
          <Fact name="Last changed">
            <Exactly at={report.updated_at} />
          </Fact>
        )}
      </Facts>
      <Nodes report={report} />
    </>
  );
}

function Unpublished({ server, report }: TabProps & { readonly report: GuestReport }) {
  const { why, remedy } = explainSilence(server);
  return (
    <>
      <Notice tone="info" title="The guest has told nothing">
        <p>{why}</p>
        <p>{remedy}</p>
        {server.vm_state === "active" && (
          <Link to={{ page: "server", id: server.id, tab: "agent" }}>Go to the Agent tab</Link>
        )}
      </Notice>
      {report.nodes.length > 0 && <Nodes report={report} />}
    </>
  );
}

interface UsedProps {
  readonly total: number | null;
  readonly free: number | null;
}

function Used({ total, free }: UsedProps) {
  const usage = usageOf(total, free);
  if (usage !== undefined) return <UsageBar usage={usage} />;
  return <>{total === null ? "Not told" : formatBytes(total)}</>;
}

function Addresses({ of: { mac, addresses } }: { readonly of: GuestReport["interfaces"][number] }) {
  return (
    <>
      {addresses.length === 0 && <span>No address</span>}
      {addresses.map((address) => (
        <div key={address}>
          <Copyable text={address} what="address" />
        </div>
      ))}
      {mac !== null && <div class="faint">MAC {mac}</div>}
    </>
  );
}

/** What it was read from, for those who know the guest's side. */
function Nodes({ report: { domid, nodes } }: { readonly report: GuestReport }) {
  return (
    <Fold summary={`XenStore nodes of domain ${domid ?? "unknown"} (${nodes.length})`}>
      {() => (
        <pre class="raw" tabIndex={0} aria-label="XenStore nodes">
          {nodes.map(({ path, value }) => `${path} = ${value}`).join("\n")}
        </pre>
      )}
    </Fold>
  );
}

function nameOf({ name, mount }: GuestVolume): string {
  if (mount === "") return name === "" ? "Volume" : name;
  return name === "" ? mount : `${mount} (${name})`;
}
