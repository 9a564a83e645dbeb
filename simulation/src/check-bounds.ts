import { ALARMS_MAX, SESSIONS_MAX } from "./limits.ts";
import type { SimulatedGuest } from "./simulated-guest.ts";
import type { SimulatedHost } from "./simulated-host.ts";
import type { SimulatedProcess } from "./simulated-process.ts";
import type { World } from "./world.ts";

/** Nothing piles up in those that run and have nothing to do. Messages and open operations are looked at elsewhere. */
export function checkBounds(
  { xenstored }: World,
  { guests, host }: { readonly guests: readonly SimulatedGuest[]; readonly host: SimulatedHost },
): readonly string[] {
  const processes = [host.process, ...guests.map(({ process }) => process)];
  const domids = [0, ...guests.flatMap(({ domid }) => (domid === undefined ? [] : [domid]))];
  return [
    ...processes.flatMap(checkAlarms),
    ...domids.flatMap((domid) => {
      const count = xenstored.sessionCount(domid);
      return count > SESSIONS_MAX ? [`domain ${domid} has piled up ${count} connections`] : [];
    }),
  ];
}

function checkAlarms(process: SimulatedProcess | undefined): readonly string[] {
  if (process === undefined || process.alarmCount <= ALARMS_MAX) return [];
  return [`${process.name} has piled up ${process.alarmCount} alarms`];
}
