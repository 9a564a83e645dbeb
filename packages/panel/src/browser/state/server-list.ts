import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { isPassing } from "../errors.ts";
import { CHANGED_SERVERS_MAX, COALESCE_MS, READ_RETRY_MS } from "../limits.ts";
import type { ApiClient } from "../http/api-client.ts";
import type { Live } from "../http/live.ts";
import type { Change } from "../model/change.ts";
import { type ServerRow, serversAnswer } from "../model/server.ts";
import { mergeRows } from "./merge-rows.ts";

export interface ServerListOptions {
  readonly client: Pick<ApiClient, "get">;
  readonly live: Pick<Live, "listen">;
}

/** What is known of all servers. */
export interface ServerListState {
  readonly kind: "loading" | "ready" | "failed";
  readonly error: Error | undefined;
  /** Each row is a signal of its own, so that a change of one draws one anew. */
  readonly rows: readonly Signal<ServerRow>[];
}

const PATH = "/guests/v1/servers";
const empty: ServerListState = { kind: "loading", error: undefined, rows: [] };

/** The rows of all servers of the project, or of all projects, kept as they are by the stream of changes. */
export class ServerList {
  readonly #options: ServerListOptions;
  readonly #state = signal<ServerListState>(empty);
  readonly #changed = new Set<string>();
  #isAllChanged = false;
  #isOfAllProjects = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #isReading = false;
  #stopListening: (() => void) | undefined;
  /** Counts what was shown to whom: what is read for a session before is dropped. */
  #epoch = 0;

  constructor(options: ServerListOptions) {
    this.#options = options;
  }

  get state(): ReadonlySignal<ServerListState> {
    return this.#state;
  }

  /** Reads everything, and what changes from then on; for each session anew. All projects are for administrators. */
  open({ isOfAllProjects = false }: { readonly isOfAllProjects?: boolean } = {}): void {
    this.close();
    this.#isOfAllProjects = isOfAllProjects;
    this.#stopListening = this.#options.live.listen((change) => this.#onChange(change));
    void this.reload();
  }

  /** Forgets all of it. Safe to call twice. */
  close(): void {
    this.#epoch += 1;
    this.#stopListening?.();
    this.#stopListening = undefined;
    clearTimeout(this.#timer);
    clearTimeout(this.#retry);
    this.#timer = undefined;
    this.#changed.clear();
    this.#isAllChanged = false;
    this.#isReading = false;
    this.#state.value = empty;
  }

  /** Everything anew; resolves when it is read, or could not be. */
  async reload(): Promise<void> {
    this.#isAllChanged = true;
    await this.#read();
  }

  #onChange(change: Change | undefined): void {
    if (change === undefined) this.#isAllChanged = true;
    // An action shows in its server's own state.
    else if (change.kind !== "action") this.#changed.add(change.server_id);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#read();
    }, COALESCE_MS);
  }

  async #read(): Promise<void> {
    if (this.#isReading || (!this.#isAllChanged && this.#changed.size === 0)) return;
    const epoch = this.#epoch;
    const ids =
      this.#isAllChanged || this.#changed.size > CHANGED_SERVERS_MAX ? undefined : [...this.#changed];
    this.#isAllChanged = false;
    this.#changed.clear();
    this.#isReading = true;
    clearTimeout(this.#retry);
    const next = await this.#ask(ids);
    if (epoch !== this.#epoch) return;
    this.#isReading = false;
    this.#state.value = next;
    if (next.error === undefined) await this.#read();
    else this.#awaitRetry(next.error);
  }

  /** What was not read is read with the next change, or when the user tries again, or after a while. */
  #awaitRetry(error: Error): void {
    this.#isAllChanged = true;
    if (isPassing(error)) this.#retry = setTimeout(() => void this.#read(), READ_RETRY_MS);
  }

  async #ask(ids: readonly string[] | undefined): Promise<ServerListState> {
    const query = new URLSearchParams(ids?.map((id) => ["id", id]));
    if (this.#isOfAllProjects) query.set("all_projects", "true");
    const path = query.size === 0 ? PATH : `${PATH}?${query.toString()}`;
    const epoch = this.#epoch;
    try {
      const { servers } = await this.#options.client.get(path, serversAnswer);
      // Of a session before: nothing of this one's rows is touched.
      if (epoch !== this.#epoch) return empty;
      const rows = mergeRows(this.#state.value.rows, { read: servers, ids });
      return { kind: "ready", error: undefined, rows };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      // What was read before stays in sight.
      return { kind: "failed", error, rows: this.#state.value.rows };
    }
  }
}
