import { Section } from "../../components/section.tsx";
import { type Fleet, healthShares, statusShares } from "../../model/fleet.ts";
import { countServers } from "../../model/words.ts";
import { Shares } from "./shares.tsx";

/** How all servers are. */
export function ServersSection({ fleet }: { readonly fleet: Fleet }) {
  const { total } = fleet.servers;
  return (
    <Section title="Servers">
      {total === 0 ? (
        <p>There are no servers in any project.</p>
      ) : (
        <>
          <p>{countServers(total)} in all projects.</p>
          <Shares title="By status" shares={statusShares(fleet)} />
          <Shares title="By how their agents are" shares={healthShares(fleet)} />
        </>
      )}
    </Section>
  );
}
