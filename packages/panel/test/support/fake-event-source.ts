/** An EventSource that a test speaks through (HTML, "Server-sent events"). */
export class FakeEventSource extends EventTarget {
  readonly CONNECTING = 0;
  readonly OPEN = 1;
  readonly CLOSED = 2;
  readonly url: string;
  readyState = 0;

  constructor(url: string) {
    super();
    this.url = url;
  }

  say(event: string, data = "{}"): void {
    this.readyState = this.OPEN;
    this.dispatchEvent(new MessageEvent(event, { data }));
  }

  /** It breaks, and the browser tries again by itself. */
  break(): void {
    this.readyState = this.CONNECTING;
    this.dispatchEvent(new Event("error"));
  }

  /** The service answers with a status of its own. */
  refuse(): void {
    this.readyState = this.CLOSED;
    this.dispatchEvent(new Event("error"));
  }

  close(): void {
    this.readyState = this.CLOSED;
  }
}
