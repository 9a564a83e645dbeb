import { type Watch, type XenstoreClient, XenstoreError } from "@nova-agent/xenstore";

/** A request as the fake guest met it. */
export interface MetRequest {
  readonly id: string;
  readonly text: string;
  readonly name: string;
  readonly value: unknown;
}

/**
 * What the fake guest does: answer with a code and a message or with any text, in which order it removes
 * the request and writes the answer, take the request without a word, or leave it alone.
 */
export type FakeAnswer =
  | { readonly code: string; readonly message: string; readonly order?: "removeFirst" | "answerFirst" }
  | { readonly raw: string | Uint8Array }
  | "take"
  | "ignore";

export type Answer = (request: MetRequest) => FakeAnswer | Promise<FakeAnswer>;

/** A guest written by hand for tests, without a line of the real agent: watches data/host and answers. */
export class FakeGuest {
  readonly requests: MetRequest[] = [];
  readonly #xenstore: XenstoreClient;
  readonly #answer: Answer;
  readonly #watch: Watch;
  readonly #met = new Set<string>();
  readonly #life: Promise<void>;

  private constructor(xenstore: XenstoreClient, answer: Answer) {
    this.#xenstore = xenstore;
    this.#answer = answer;
    this.#watch = xenstore.watch("data/host");
    this.#life = this.#live();
    // Seen by close(); until then nobody listens.
    this.#life.catch(() => {});
  }

  /** Starts a guest on its own connection, which stays the caller's. */
  static async start(xenstore: XenstoreClient, answer: Answer): Promise<FakeGuest> {
    const guest = new FakeGuest(xenstore, answer);
    await guest.#watch.ready;
    return guest;
  }

  /** Ends it and throws what went wrong in it. */
  async close(): Promise<void> {
    await this.#watch.close();
    await this.#life;
  }

  async #live(): Promise<void> {
    try {
      for await (const _event of this.#watch) {
        const ids = await this.#list();
        // One that was taken and is there again is met again.
        for (const id of this.#met) if (!ids.includes(id)) this.#met.delete(id);
        for (const id of ids) await this.#meet(id);
      }
    } catch (error) {
      // A guest whose domain ended has lost its connection.
      if (!(error instanceof XenstoreError && error.code === "ECLOSED")) throw error;
    }
  }

  async #meet(id: string): Promise<void> {
    if (this.#met.has(id)) return;
    this.#met.add(id);
    const text = await this.#xenstore.readText(`data/host/${id}`).catch(() => undefined);
    if (text === undefined) return;
    const { name, value } = JSON.parse(text) as { readonly name: string; readonly value: unknown };
    const request = { id, text, name, value };
    this.requests.push(request);
    await this.#give(id, await this.#answer(request));
  }

  async #give(id: string, answer: FakeAnswer): Promise<void> {
    if (answer === "ignore") return;
    const isAnswerFirst = answer !== "take" && "order" in answer && answer.order === "answerFirst";
    if (!isAnswerFirst) await this.#xenstore.remove(`data/host/${id}`);
    if (answer === "take") return;
    const reply =
      "raw" in answer ? answer.raw : JSON.stringify({ message: answer.message, returncode: answer.code });
    await this.#xenstore.write(`data/guest/${id}`, reply);
    if (isAnswerFirst) await this.#xenstore.remove(`data/host/${id}`);
  }

  async #list(): Promise<readonly string[]> {
    return this.#xenstore.list("data/host").catch(() => []);
  }
}
