import { REQUEST_ID_RECORDED_MAX, REQUEST_LONG_MS, REQUESTS_RECORDED_MAX } from "../limits.ts";
import type { Reply } from "../protocol/reply.ts";
import { parseRequest } from "../protocol/request.ts";
import type { RequestHandler } from "./request-handler.ts";
import type { ServedRequest, ServiceStatus } from "./service-status.ts";
import type { ServiceSystem } from "../system/system.ts";
import { AGENT_VERSION } from "../version.ts";

/** What a record stands on. */
type RecordSystem = Pick<ServiceSystem, "clock" | "unixTime" | "statusFile">;

/**
 * Passes requests on to a handler and keeps what became of the latest ones in the status file: names,
 * codes and times, never a value or a text; of unknown commands not even the name.
 */
export class RequestRecord implements RequestHandler {
  readonly #handler: RequestHandler;
  readonly #system: RecordSystem;
  readonly #about: Omit<ServiceStatus, "requests" | "inHand">;
  #requests: readonly ServedRequest[] = [];

  constructor(handler: RequestHandler, system: RecordSystem) {
    this.#handler = handler;
    this.#system = system;
    const startedAt = Math.floor(system.unixTime());
    this.#about = { version: AGENT_VERSION, ...system.statusFile.identify(), startedAt };
    this.#write();
  }

  async handle(id: string, bytes: Uint8Array): Promise<Reply> {
    const { clock, unixTime } = this.#system;
    const [name, startedAtMs, since] = [nameOf(bytes), clock.nowMs(), unixTime()];
    const shortId = id.slice(0, REQUEST_ID_RECORDED_MAX);
    const inHand = { id: shortId, name, since: Math.floor(since) };
    const cancel = clock.after(REQUEST_LONG_MS, () => this.#write(inHand));
    const reply = await this.#handler.handle(id, bytes);
    cancel();
    const durationMs = Math.round(clock.nowMs() - startedAtMs);
    const { returncode } = reply;
    // The name of an unknown command is the host's own: it may be anything.
    const known = returncode === "404" ? "" : name;
    const served = { id: shortId, name: known, returncode, durationMs, at: Math.floor(unixTime()) };
    const all = [...this.#requests, served];
    this.#requests = all.slice(-REQUESTS_RECORDED_MAX);
    this.#write();
    return reply;
  }

  close(): void {
    this.#handler.close();
    this.#system.statusFile.write(undefined);
  }

  #write(inHand?: ServiceStatus["inHand"]): void {
    const status: ServiceStatus = { ...this.#about, requests: this.#requests, ...(inHand && { inHand }) };
    this.#system.statusFile.write(JSON.stringify(status));
  }
}

/** Empty for bytes that are no request. */
function nameOf(bytes: Uint8Array): string {
  try {
    return parseRequest(bytes).name;
  } catch {
    return "";
  }
}
