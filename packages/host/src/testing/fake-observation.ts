import type { ConnectorSight, GuestObservation, GuestSight, SeenDomain } from "../guests/guest-observer.ts";

/** Guests that look as a test says; without a word, as if no domain ran. */
export class FakeObservation implements GuestObservation {
  /** By the instance's id. */
  readonly sights = new Map<string, GuestSight>();
  foreign: readonly SeenDomain[] = [];
  state: ConnectorSight = { state: "connected", since: null };

  async look(instanceId: string): Promise<GuestSight | undefined> {
    return this.sights.get(instanceId);
  }

  async domains(): Promise<readonly SeenDomain[]> {
    return [...[...this.sights].map(([uuid, { domid }]) => ({ domid, uuid })), ...this.foreign];
  }

  async connector(): Promise<ConnectorSight> {
    return this.state;
  }
}

/** A guest that runs in a domain and publishes these nodes. */
export function sightOf(
  nodes: Readonly<Record<string, string>>,
  changes: Partial<GuestSight> = {},
): GuestSight {
  const empty = { isIntroduced: true, vmData: {}, waiting: [], left: [] };
  return { domid: 5, nodes: new Map(Object.entries(nodes)), ...empty, ...changes };
}
