import { Badge } from "../../../components/badge.tsx";
import { Exactly } from "../../../components/exactly.tsx";
import { Fact, Facts } from "../../../components/facts.tsx";
import { Section } from "../../../components/section.tsx";
import { healthOf } from "../../../model/words.ts";
import type { TabProps } from "../tab-props.ts";

/** How the agent is, and what it has said of itself. */
export function AgentSection({ server: { agent, agent_features: features } }: TabProps) {
  return (
    <Section title="Agent">
      <Facts>
        <Fact name="Now">
          <Badge {...healthOf(agent.health)} />
        </Fact>
        <Fact name="Version">{agent.version ?? "Not told yet"}</Fact>
        <Fact name="Last answer">
          {agent.last_seen_at === null ? "None yet" : <Exactly at={agent.last_seen_at} />}
        </Fact>
        {features !== null && (
          <Fact name="It knows">
            <span class="words">
              {features.map((name) => (
                <code key={name}>{name}</code>
              ))}
            </span>
          </Fact>
        )}
      </Facts>
      {agent.health === "healthy" && <p>Passwords, networks and files reach the guest without a reboot.</p>}
    </Section>
  );
}
