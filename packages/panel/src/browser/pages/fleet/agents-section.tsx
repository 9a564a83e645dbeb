import { Link } from "../../components/link.tsx";
import { Section } from "../../components/section.tsx";
import { type Fleet, versionShares } from "../../model/fleet.ts";
import { withLocalTimes } from "../../model/time.ts";
import { Shares } from "./shares.tsx";

/** Which agents are in use. */
export function AgentsSection({ fleet }: { readonly fleet: Fleet }) {
  const shares = versionShares(fleet);
  return (
    <Section title="Agents in use">
      {shares.length === 0 ? (
        <p>No agent has told its version yet.</p>
      ) : (
        <Shares title="By version" shares={shares} />
      )}
    </Section>
  );
}

/** Which guests run and cannot be asked for anything, and why. */
export function AgentlessSection({ fleet: { without_agent: servers } }: { readonly fleet: Fleet }) {
  return (
    <Section title="Guests without an agent that answers">
      {servers.length === 0 ? (
        <p>There is none: every guest that runs can be asked.</p>
      ) : (
        <ul class="plain-list">
          {servers.map(({ id, name, reason }) => (
            <li key={id}>
              <Link to={{ page: "server", id, tab: "agent" }}>{name}</Link>
              <p class="faint">{withLocalTimes(reason)}</p>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
