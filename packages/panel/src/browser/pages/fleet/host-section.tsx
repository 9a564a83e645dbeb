import { Ago } from "../../components/ago.tsx";
import { Badge } from "../../components/badge.tsx";
import { Fact, Facts } from "../../components/facts.tsx";
import { Notice } from "../../components/notice.tsx";
import { Section } from "../../components/section.tsx";
import type { Fleet } from "../../model/fleet.ts";

/** The host, and the connector through which its guests are spoken to. */
export function HostSection({ fleet: { host, connector } }: { readonly fleet: Fleet }) {
  const isConnected = connector.state === "connected";
  return (
    <Section title="Host">
      {!isConnected && (
        <Notice tone="bad" title="The host cannot be reached">
          <p>
            What is asked of guests waits until the connection to XenStore is back. See on the host whether
            xenstored runs, and the log of the control service.
          </p>
        </Notice>
      )}
      <Facts>
        <Fact name="Name">{host.name}</Fact>
        <Fact name="Connection">
          <Badge tone={isConnected ? "good" : "bad"} text={isConnected ? "Connected" : "Lost"} />
          {connector.since !== null && (
            <span class="faint">
              {" "}
              since <Ago at={connector.since} />
            </span>
          )}
        </Fact>
        <Fact name="Requests">
          {connector.under_way} under way, {connector.queued} waiting
        </Fact>
        <Fact name="Domains">{isConnected ? host.domains : "not known while the connection is lost"}</Fact>
        {host.domains_unknown > 0 && (
          <Fact name="Of no server">
            <Badge tone="warn" text={String(host.domains_unknown)} />{" "}
            <span class="faint">run on the host and belong to no server: xl list shows them</span>
          </Fact>
        )}
      </Facts>
    </Section>
  );
}
