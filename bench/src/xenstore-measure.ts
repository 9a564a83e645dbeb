import { runChecked } from "@nova-agent/testbed";

/** How long one call of the client may take: C xenstored needs 20 s for 100,000 nodes. */
const CLIENT_TIMEOUT_MS = 90_000;

/** One run of the client `xenstore-load`; its source says what the tests are. */
export interface LoadOptions {
  readonly program: string;
  readonly socketPath: string;
  readonly pid: number;
  readonly seconds: number;
  readonly test: string;
  readonly count: number;
}

/** What the client prints. */
export interface Measured {
  readonly operations: number;
  readonly seconds: number;
  readonly medianUs: number;
  readonly p99Us: number;
  /** CPU time of the server for one operation. */
  readonly cpuUs: number;
}

/** Runs one test on one server. */
export async function measureLoad(options: LoadOptions): Promise<Measured> {
  const { program, socketPath, pid, seconds, test, count } = options;
  const output = await runChecked({
    argv: [program, socketPath, String(pid), String(seconds), test, String(count)],
    timeoutMs: CLIENT_TIMEOUT_MS,
  });
  return parseMeasured(JSON.parse(output));
}

function parseMeasured(value: unknown): Measured {
  const fields = new Map(Object.entries(typeof value === "object" && value !== null ? value : {}));
  const number = (name: string): number => {
    const field: unknown = fields.get(name);
    if (typeof field !== "number") throw new Error(`The client did not report ${name}`);
    return field;
  };
  return {
    operations: number("operations"),
    seconds: number("seconds"),
    medianUs: number("medianUs"),
    p99Us: number("p99Us"),
    cpuUs: number("cpuUs"),
  };
}
