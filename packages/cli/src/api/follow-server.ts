import type { Cli } from "../cli.ts";
import { CliError } from "../errors.ts";
import { API_POLL_MS, SERVER_TIMEOUT_MS } from "../limits.ts";
import { printable } from "../text/escape.ts";
import { type ApiClient, interruptedRequest } from "./api-client.ts";
import { type Fields, fieldsOf, isFields, listOf, textOf } from "./fields.ts";

/** What was asked for, and how it is to end. */
interface Following {
  readonly cli: Cli;
  readonly serverId: string;
  /** Of the request that began it. */
  readonly requestId: string;
  /** The status that it ends with when all went well. */
  readonly wanted: "ACTIVE" | "RESCUE";
}

/**
 * Waits until what a request began has ended, and tells each of its steps in a remark. Throws API_FAILED
 * with the fault when it did not end well, API_TIMEOUT, and INTERRUPTED at a signal; it then goes on.
 */
export async function followServer(api: ApiClient, following: Following): Promise<void> {
  const { cli, serverId, requestId, wanted } = following;
  const { clock } = cli.host;
  const limitMs = cli.timeoutMs ?? SERVER_TIMEOUT_MS;
  const endMs = clock.nowMs() + limitMs;
  const path = `/servers/${encodeURIComponent(serverId)}`;
  const steps = new Steps(cli);
  for (;;) {
    const server = fieldsOf((await api.ask("compute", { path })).body, "server");
    // Read after the server: the steps of one that has ended are then all there.
    const { body } = await api.ask("compute", { path: `${path}/os-instance-actions/${requestId}` });
    const action = fieldsOf(body, "instanceAction");
    // Only a build progresses; the API shows that of a server that was built whatever is done with it.
    steps.tell(action, server["status"] === "BUILD" ? server["progress"] : undefined);
    if (server["OS-EXT-STS:task_state"] === null) {
      requireEnd({ server, action, wanted });
      return;
    }
    if (clock.nowMs() >= endMs) {
      const words = `It is not ${wanted} after ${Math.round(limitMs / 1000)} s, and goes on`;
      throw new CliError("API_TIMEOUT", words);
    }
    await pause(cli);
  }
}

/** The steps of an action, each told when it is seen to begin and once more when it has ended. */
class Steps {
  readonly #cli: Cli;
  readonly #told = new Set<string>();

  constructor(cli: Cli) {
    this.#cli = cli;
  }

  tell(action: Fields, progress: unknown): void {
    const events = listOf(action, "events").toSorted((one, other) =>
      textOf(one, "start_time") < textOf(other, "start_time") ? -1 : 1,
    );
    for (const event of events) {
      const name = textOf(event, "event");
      const { result } = event;
      const percent = typeof progress === "number" ? ` (${progress} %)` : "";
      if (result === "Success") this.#tellOnce(`${name}: done`);
      else if (typeof result === "string")
        this.#tellOnce(`${name}: failed: ${wordsIn(event["details"]) ?? ""}`);
      else this.#tellOnce(`${name}: begun`, percent);
    }
  }

  #tellOnce(text: string, more = ""): void {
    if (this.#told.has(text)) return;
    this.#told.add(text);
    this.#cli.remark(printable(`${text}${more}`));
  }
}

function requireEnd(end: {
  readonly server: Fields;
  readonly action: Fields;
  readonly wanted: Following["wanted"];
}): void {
  const { server, action, wanted } = end;
  const status = textOf(server, "status");
  const failed = listOf(action, "events").find(({ result }) => result === "Error");
  if (status === wanted && failed === undefined && action["message"] === null) return;
  const { fault } = server;
  const words = [isFields(fault) ? fault["message"] : null, action["message"], failed?.["details"]];
  const reason = words.map(wordsIn).find((text) => text !== undefined) ?? "the API does not say why";
  throw new CliError("API_FAILED", `The server ${textOf(server, "id")} is ${status}: ${reason}`);
}

function wordsIn(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function pause({ host, signal }: Cli): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = host.clock.after(API_POLL_MS, () => {
      signal.removeEventListener("abort", interrupt);
      resolve();
    });
    function interrupt(): void {
      stop();
      reject(interruptedRequest());
    }
    if (signal.aborted) interrupt();
    else signal.addEventListener("abort", interrupt, { once: true });
  });
}
