import { decodeUtf8 } from "@nova-agent/xenstore";
import { SystemError } from "../errors.ts";
import { SERVICE_STATUS_MAX_BYTES } from "../limits.ts";
import type { ServiceStatus } from "./service-status.ts";
import { readStartTicks } from "../system/processes.ts";
import type { System } from "../system/system.ts";

/** What the service that runs tells of itself; undefined when the process that wrote it is gone. */
export function readServiceStatus(system: System): ServiceStatus | undefined {
  const status = readStatusFile(system);
  if (status === undefined) return undefined;
  // Another process may have got its number.
  return readStartTicks(status.pid, system.files) === status.startTicks ? status : undefined;
}

function readStatusFile({ files, statusFile }: System): ServiceStatus | undefined {
  try {
    // The service's own words: nobody else may write there.
    return JSON.parse(
      decodeUtf8(files.read(statusFile.path, SERVICE_STATUS_MAX_BYTES)) ?? "",
    ) as ServiceStatus;
  } catch (error) {
    if (error instanceof SystemError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
