import { XenstoreError } from "../errors.ts";
import { createAsk } from "./ask.ts";
import type { Connection } from "./connection.ts";
import { ClientWatch, type Watch, type WatchOptions } from "./watch.ts";

/** The part of the link to the server that watches need. */
export interface WatchLink {
  readonly connection: Connection | undefined;
  connected(): Promise<Connection>;
}

/** All watches of one client, by their token. */
export class WatchRegistry {
  readonly #link: WatchLink;
  readonly #watches = new Map<string, ClientWatch>();
  #lastToken = 0;

  constructor(link: WatchLink) {
    this.#link = link;
  }

  /** Makes a watch. Its first event may come before the answer, so it is entered at once. */
  watch(path: string, options: WatchOptions): Watch {
    this.#lastToken += 1;
    return new ClientWatch({
      path,
      token: `w${this.#lastToken}`,
      depth: options.depth,
      register: (watch) => this.#register(watch),
      unregister: (watch) => this.#unregister(watch),
    });
  }

  /** Hands an event to its watch; one with the token of no watch came after its UNWATCH. */
  deliver(path: string, token: string): void {
    this.#watches.get(token)?.deliver(path);
  }

  /** Registers every watch on a new connection; the server's first event makes the user look again. */
  registerAgain(connection: Connection): void {
    for (const watch of this.#watches.values()) {
      if (!watch.isReady) continue;
      sendWatch(connection, watch).catch((error: unknown) => this.#lose({ connection, watch, error }));
    }
  }

  /** Ends every watch, with what their iterations shall throw. */
  end(error?: XenstoreError): void {
    for (const watch of this.#watches.values()) watch.end(error);
    this.#watches.clear();
  }

  async #register(watch: ClientWatch): Promise<void> {
    this.#watches.set(watch.token, watch);
    try {
      const connection = this.#link.connection ?? (await this.#link.connected());
      if (watch.isEnded) throw new XenstoreError("ECLOSED", `Watch of "${watch.path}" was closed`);
      await sendWatch(connection, watch);
    } catch (error) {
      this.#drop(watch, error);
      throw error;
    }
  }

  async #unregister(watch: ClientWatch): Promise<void> {
    if (!this.#watches.delete(watch.token)) return;
    try {
      const connection = this.#link.connection;
      if (connection === undefined) return;
      await createAsk(connection.request)({ type: "unwatch", path: watch.path, token: watch.token });
    } catch (error) {
      // Nothing is left to do: the server does not know the watch, or the connection took it along.
      if (!(error instanceof XenstoreError)) throw error;
    }
  }

  /** A watch that could not be registered again. */
  #lose(lost: {
    readonly connection: Connection;
    readonly watch: ClientWatch;
    readonly error: unknown;
  }): void {
    const { connection, watch, error } = lost;
    const code = error instanceof XenstoreError ? error.code : undefined;
    // The connection ended again: the next one registers it.
    if (code === "ECLOSED") return;
    if (code === "ETIMEDOUT") {
      void connection.close(new XenstoreError("ETIMEDOUT", `No answer to the watch of "${watch.path}"`));
      return;
    }
    this.#drop(watch, error);
  }

  #drop(watch: ClientWatch, error: unknown): void {
    this.#watches.delete(watch.token);
    watch.end(
      error instanceof XenstoreError ? error : new XenstoreError("EIO", String(error), { cause: error }),
    );
  }
}

async function sendWatch(connection: Connection, watch: ClientWatch): Promise<void> {
  const { path, token, depth } = watch;
  const request = { type: "watch", path, token } as const;
  await createAsk(connection.request)(depth === undefined ? request : { ...request, depth });
}
