import { type Cleanup, type RunningDemo } from "@nova-agent/testbed";
import { XenstoreClient } from "@nova-agent/xenstore";
import { connectUnix, nodeClock } from "@nova-agent/xenstore/node";

export {
  type DemoArguments,
  firstPid,
  guestctl,
  guestFile,
  inGuest,
  launchDemo,
  READY,
  runDirectory,
  type RunningDemo,
  START_TIMEOUT_MS,
  startDemo,
} from "@nova-agent/testbed";

/** A connection to the demo's XenStore as dom0, closed with the test. */
export async function openXenstore(cleanup: Cleanup, demo: RunningDemo): Promise<XenstoreClient> {
  const client = await XenstoreClient.open({ connect: connectUnix(demo.socketPath), clock: nodeClock });
  cleanup.after(() => client.close());
  return client;
}
