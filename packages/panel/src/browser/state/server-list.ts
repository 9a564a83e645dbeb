import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { CHANGED_SERVERS_MAX, COALESCE_MS } from "../limits.ts";
import type { ApiClient } from "../http/api-client.ts";
import type { Live } from "../http/live.ts";
import type { Change } from "../model/change.ts";
import { type ServerRow, serversAnswer } from "../model/server.ts";

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

/** The rows of all servers of the project, kept as they are by the stream of changes. */
export class ServerList {
  readonly #options: ServerListOptions;
  readonly #state = signal<ServerListState>(empty);
  readonly #changed = new Set<string>();
  #isAllChanged = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
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

  /** Reads everything, and what changes from then on; for each session anew. */
  open(): void {
    this.close();
    this.#stopListening = this.#options.live.listen((change) => this.#onChange(change));
    this.reload();
  }

  /** Forgets all of it. Safe to call twice. */
  close(): void {
    this.#epoch += 1;
    this.#stopListening?.();
    this.#stopListening = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#changed.clear();
    this.#isAllChanged = false;
    this.#isReading = false;
    this.#state.value = empty;
  }

  /** Everything anew. */
  reload(): void {
    this.#isAllChanged = true;
    void this.#read();
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
    const next = await this.#ask(ids);
    if (epoch !== this.#epoch) return;
    this.#isReading = false;
    this.#state.value = next;
    if (next.kind !== "failed") await this.#read();
  }

  async #ask(ids: readonly string[] | undefined): Promise<ServerListState> {
    const query = ids === undefined ? "" : `?${ids.map((id) => `id=${encodeURIComponent(id)}`).join("&")}`;
    try {
      const { servers } = await this.#options.client.get(PATH + query, serversAnswer);
      const { rows } = this.#state.value;
      return { kind: "ready", error: undefined, rows: merge(rows, servers, ids) };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      // What was read before stays in sight.
      return { kind: "failed", error, rows: this.#state.value.rows };
    }
  }
}

/** The rows with what was read; `ids` are those that were asked for, of which some are gone. */
function merge(
  rows: readonly Signal<ServerRow>[],
  read: readonly ServerRow[],
  ids: readonly string[] | undefined,
): readonly Signal<ServerRow>[] {
  const former = new Map(rows.map((row) => [row.peek().id, row]));
  const isAsked = ids === undefined ? () => true : (id: string) => ids.includes(id);
  const found = new Map(read.map((row) => [row.id, row]));
  const kept = ids === undefined ? [] : rows.filter(({ value: { id } }) => !isAsked(id) || found.has(id));
  for (const row of read) {
    const known = former.get(row.id);
    if (known !== undefined) known.value = row;
  }
  const isNew = ({ id }: ServerRow) => ids === undefined || !former.has(id);
  const added = read.filter(isNew).map((row) => former.get(row.id) ?? signal(row));
  // The newest first, as the service lists them.
  const isSame = added.length === 0 && kept.length === rows.length;
  return isSame ? rows : [...added, ...kept];
}
