import * as os from "native:os";
import { decodeLatin1, encodeUtf8 } from "@nova-agent/xenstore";
import { startTicksOf, statusPathIn } from "../../system/start-ticks.ts";
import type { StatusFile } from "../../system/system.ts";

/** More than a process's `stat` has. */
const STAT_MAX_BYTES = 1024;

/** The status file of the static executable. */
export function createStatusFile(): StatusFile {
  const path = statusPathIn(os.environment("RUNTIME_DIRECTORY"));
  return {
    path,
    identify: () => ({ pid: os.processId(), startTicks: startTicksOf(readStat()) }),
    // Where a call fails the file stays as it was: whoever asks is told that no service runs.
    write: (text) => {
      if (text === undefined) os.unlink(path);
      else replace(path, encodeUtf8(text));
    },
  };
}

function replace(path: string, bytes: Uint8Array): void {
  os.mkdir(path.slice(0, path.lastIndexOf("/")), 0o755);
  const unfinished = `${path}.new`;
  os.unlink(unfinished);
  const fd = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600);
  if (fd < 0) return;
  const count = os.write(fd, bytes, 0);
  os.close(fd);
  if (count === bytes.length) os.rename(unfinished, path);
}

function readStat(): string {
  const fd = os.open("/proc/self/stat", os.O_RDONLY, 0);
  if (fd < 0) return "";
  const bytes = new Uint8Array(STAT_MAX_BYTES);
  const count = os.read(fd, bytes, 0);
  os.close(fd);
  return decodeLatin1(bytes.subarray(0, Math.max(count, 0)));
}
