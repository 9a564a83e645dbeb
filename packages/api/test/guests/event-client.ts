import { type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";

/** A frame of a stream of server-sent events. */
export interface Frame {
  readonly event: string | undefined;
  readonly id: string | undefined;
  readonly data: unknown;
  readonly retry: string | undefined;
}

/** Follows a stream of events, as a browser does. */
export class EventClient {
  readonly headers: IncomingHttpHeaders;
  readonly #response: IncomingMessage;
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #decoder = new TextDecoder();
  #text = "";

  private constructor(response: IncomingMessage) {
    this.headers = response.headers;
    this.#response = response;
    this.#chunks = (response as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  }

  /** Throws when it is answered no stream. */
  static open(url: string, headers: Readonly<Record<string, string>>): Promise<EventClient> {
    return new Promise((resolve, reject) => {
      const answered = (response: IncomingMessage): void => {
        if (response.statusCode === 200) return resolve(new EventClient(response));
        response.destroy();
        reject(new Error(`No stream, but ${response.statusCode}`));
      };
      request(url, { headers, agent: false }, answered).once("error", reject).end();
    });
  }

  /** The next frame; undefined at the end of the stream, throws when the connection has broken. */
  async next(): Promise<Frame | undefined> {
    for (;;) {
      const end = this.#text.indexOf("\n\n");
      if (end !== -1) {
        const frame = parseFrame(this.#text.slice(0, end));
        this.#text = this.#text.slice(end + 2);
        return frame;
      }
      const { done, value } = await this.#chunks.next();
      if (done === true) return undefined;
      this.#text += this.#decoder.decode(value, { stream: true });
    }
  }

  /** The next frames as text: event, id and data. */
  async take(count: number): Promise<readonly string[]> {
    const taken: string[] = [];
    while (taken.length < count) {
      const frame = await this.next();
      if (frame === undefined) throw new Error(`The stream has ended after ${taken.join("; ")}`);
      if (frame.retry === undefined) taken.push(showFrame(frame));
    }
    return taken;
  }

  close(): void {
    this.#response.destroy();
  }
}

function showFrame({ event, id, data }: Frame): string {
  if (event !== "change") return `${event} ${id}`;
  const { kind, server_id: serverId, id: changed } = data as Record<string, string>;
  return `${id} ${kind} ${serverId} ${changed}`;
}

function parseFrame(text: string): Frame {
  const fields = new Map(
    text.split("\n").map((line) => {
      const [name = "", ...rest] = line.split(": ");
      return [name, rest.join(": ")] as const;
    }),
  );
  const data = fields.get("data");
  return {
    event: fields.get("event"),
    id: fields.get("id"),
    data: data === undefined ? undefined : (JSON.parse(data) as unknown),
    retry: fields.get("retry"),
  };
}
