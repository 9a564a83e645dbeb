import * as os from "native:os";
import { check } from "@nova-agent/quickjs";
import { attempt } from "../../system/system-error.ts";
import type { DiskSpace, ReportSystem } from "../../system/system.ts";
import { createNativeFiles } from "./native-files.ts";
import { networkAddresses, watchNetwork } from "./network.ts";
import type { Runtime } from "./runtime.ts";
import { createServiceSystem } from "./service-system.ts";

/** What reporting on the guest needs, with XenStore at a path or where it is usually found. */
export function createReportSystem(runtime: Runtime, xenstorePath: () => string | undefined): ReportSystem {
  return {
    ...createServiceSystem(runtime, xenstorePath),
    files: createNativeFiles(),
    watchNetwork: (onChange) => watchNetwork(onChange, runtime.loop),
    networkAddresses,
    diskSpace,
  };
}

function diskSpace(path: string): DiskSpace {
  const action = `Cannot look at the room of "${path}"`;
  const [blockBytes, blocks, available] = attempt(action, () => check(os.statvfs(path)));
  return { sizeBytes: blockBytes * blocks, freeBytes: blockBytes * available };
}
