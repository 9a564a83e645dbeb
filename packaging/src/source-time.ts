import { repositoryRoot, runProgram } from "@nova-agent/testbed";
import { TOOL_TIMEOUT_MS } from "./limits.ts";

/** Without a repository: the day of the first version. */
const FALLBACK = 1_764_547_200;

/**
 * The time that everything in the packages gets, in seconds since 1970: `SOURCE_DATE_EPOCH`
 * (reproducible-builds.org), else that of the last commit, so that the same sources are the same bytes.
 */
export async function sourceTime(environment: Readonly<Record<string, string | undefined>>): Promise<number> {
  const given = environment["SOURCE_DATE_EPOCH"];
  if (given !== undefined) {
    if (!/^\d{1,10}$/.test(given)) throw new Error(`SOURCE_DATE_EPOCH is no number of seconds: "${given}"`);
    return Number(given);
  }
  const { status, stdout } = await runProgram({
    argv: ["git", "log", "-1", "--format=%ct"],
    directory: repositoryRoot(),
    timeoutMs: TOOL_TIMEOUT_MS,
  });
  const time = Number(stdout.trim());
  return status === 0 && time > 0 ? time : FALLBACK;
}
