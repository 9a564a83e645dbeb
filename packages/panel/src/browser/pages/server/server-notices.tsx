import { Ago } from "../../components/ago.tsx";
import { Link } from "../../components/link.tsx";
import { Notice } from "../../components/notice.tsx";
import type { Server } from "../../model/server.ts";
import { withLocalTimes } from "../../model/time.ts";
import type { ServerTab } from "../../router/route.ts";

export interface ServerNoticesProps {
  readonly server: Server;
  readonly tab: ServerTab;
}

/** What is wrong with the server: in short where it stands in full below. */
export function ServerNotices(props: ServerNoticesProps) {
  return (
    <>
      <AgentNotice {...props} />
      <FaultNotice {...props} />
    </>
  );
}

function AgentNotice({ server: { id, agent }, tab }: ServerNoticesProps) {
  // That a server is off is no fault: its status says so, and its buttons say what can be done.
  if (agent.reason === "" || agent.health === "off") return null;
  return (
    <Notice tone="warn">
      <p>
        {withLocalTimes(agent.reason)}
        {tab !== "agent" && (
          <>
            {". "}
            <Link to={{ page: "server", id, tab: "agent" }}>Find out why</Link>
          </>
        )}
      </p>
    </Notice>
  );
}

function FaultNotice({ server: { id, status, task_state: task, fault }, tab }: ServerNoticesProps) {
  // What goes on now is newer.
  if (fault === null || task !== null) return null;
  const title = "What was done last has failed";
  if (tab === "overview" || status === "ERROR") {
    return (
      <Notice tone="bad" title={title}>
        <p>{fault.message}</p>
      </Notice>
    );
  }
  return (
    <Notice tone="bad">
      <p>
        {title}, <Ago at={fault.at} />
        {tab !== "activity" && (
          <>
            {". "}
            <Link to={{ page: "server", id, tab: "activity" }}>See what and why</Link>
          </>
        )}
      </p>
    </Notice>
  );
}
