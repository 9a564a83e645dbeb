import type { ChangeSource } from "../../src/browser/http/live.ts";

type Listener = (event: MessageEvent<string>) => void;

/** An EventSource that a test speaks through (HTML, "Server-sent events"). */
export class FakeEventSource implements ChangeSource {
  readonly CLOSED = 2;
  readonly url: string;
  readyState = 0;
  readonly #listeners = new Map<string, Listener[]>();

  constructor(url: string) {
    this.url = url;
  }

  addEventListener(event: string, listener: Listener): void {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
  }

  say(event: string, data = "{}"): void {
    this.readyState = 1;
    this.#dispatch(event, data);
  }

  /** It breaks, and the browser tries again by itself. */
  break(): void {
    this.readyState = 0;
    this.#dispatch("error", "");
  }

  /** The service answers with a status of its own. */
  refuse(): void {
    this.readyState = this.CLOSED;
    this.#dispatch("error", "");
  }

  close(): void {
    this.readyState = this.CLOSED;
  }

  #dispatch(event: string, data: string): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(new MessageEvent(event, { data }));
  }
}
