import { MessageType } from "../../wire/message-type.ts";
import type { Packet } from "../../wire/packet.ts";
import type { StoreUnderTest } from "./contract.ts";
import { openRawConnection, type RawConnection } from "./raw-connection.ts";
import { type Action, domidOf, parseBytes, renderBytes } from "./script.ts";

/** Request ids of barriers; those of a script's requests count up from 1. */
const BARRIER_REQUEST_ID = 0xfffffff0;

/**
 * Carries out a script's actions one after the other and writes down everything that is received.
 * Nothing is waited for by time: after each action every connection sends a request of its own, and
 * what comes before the answer to that is what the action brought about.
 */
export class Conversation {
  readonly #store: StoreUnderTest;
  readonly #connections = new Map<string, RawConnection>();
  readonly #transactions = new Map<string, number>();
  readonly #generations: string[] = [];
  #requestId = 0;

  constructor(store: StoreUnderTest) {
    this.#store = store;
  }

  /** Does what `action` says; the lines that a script would have for it, `text` being the first's start. */
  async perform(text: string, action: Action): Promise<readonly string[]> {
    const outcome = await this.#act(action);
    return [text + outcome, ...(await this.#collect())];
  }

  /** Sends a request that has to succeed, outside of the script. */
  async prepare(type: number, payload: string): Promise<void> {
    const received = await this.#ask("0", { type, transactionId: 0, payload: parseBytes(payload) });
    const reply = received.at(-1);
    if (reply?.type !== type) throw new Error(`Cannot prepare ${payload}`);
  }

  /** Ends all connections. */
  close(): void {
    for (const connection of this.#connections.values()) connection.close();
    this.#connections.clear();
  }

  /** The end of the line: what the sender receives up to the reply, nothing for what is no request. */
  async #act(action: Action): Promise<string> {
    if (action.kind === "request") return ` => ${await this.#request(action)}`;
    if (action.kind === "begin") return ` => ${await this.#begin(action)}`;
    if (action.kind === "domain") await this.#changeDomain(action);
    else this.#close(action.connection);
    return "";
  }

  #close(connection: string): void {
    this.#connections.get(connection)?.close();
    this.#connections.delete(connection);
  }

  async #request(action: Action & { readonly kind: "request" }): Promise<string> {
    const { connection, type, payload, transaction } = action;
    const transactionId = this.#transactions.get(transaction) ?? Number(transaction);
    const received = await this.#ask(connection, { type, transactionId, payload });
    const texts = received.map((packet) => this.#render(packet));
    if (!received.some((packet) => packet.requestId === this.#requestId)) texts.push("closed");
    return texts.join(" then ");
  }

  async #begin(action: { readonly connection: string; readonly transaction: string }): Promise<string> {
    const request = { type: MessageType.transactionStart, transactionId: 0, payload: parseBytes("|") };
    const reply = (await this.#ask(action.connection, request)).at(-1);
    if (reply?.type !== request.type) return reply === undefined ? "closed" : this.#render(reply);
    this.#transactions.set(action.transaction, Number.parseInt(renderBytes(reply.payload), 10));
    return "OK|";
  }

  async #changeDomain(action: Action & { readonly kind: "domain" }): Promise<void> {
    const { domid, event } = action;
    switch (event) {
      case "exists":
        return this.#store.createDomain(domid);
      case "introduced":
        return this.#store.introduceDomain(domid);
      case "shut down":
        return this.#store.shutDownDomain(domid, "shutdown");
      case "crashed":
        return this.#store.shutDownDomain(domid, "crash");
      case "gone":
        return this.#store.destroyDomain(domid);
    }
  }

  /** All that `connection` receives up to the reply, which is the last; only events when it was closed. */
  async #ask(connection: string, request: Omit<Packet, "requestId">): Promise<readonly Packet[]> {
    const raw = await this.#open(connection);
    this.#requestId += 1;
    return exchange(raw, { ...request, requestId: this.#requestId });
  }

  /** What every connection has received since, without the answers to the barriers. */
  async #collect(): Promise<readonly string[]> {
    const lines: string[] = [];
    for (const [name, raw] of this.#connections) {
      const barrier = {
        type: MessageType.getDomainPath,
        requestId: BARRIER_REQUEST_ID,
        transactionId: 0,
        payload: parseBytes("0|"),
      };
      const received = await exchange(raw, barrier);
      if (received.at(-1)?.requestId === BARRIER_REQUEST_ID) {
        lines.push(...received.slice(0, -1).map((packet) => `${name} <- ${this.#render(packet)}`));
      } else {
        lines.push(`${name} <- closed`);
        this.#connections.delete(name);
      }
    }
    return lines;
  }

  async #open(name: string): Promise<RawConnection> {
    const known = this.#connections.get(name);
    if (known !== undefined) return known;
    const raw = openRawConnection(await this.#store.connect(domidOf(name)));
    this.#connections.set(name, raw);
    return raw;
  }

  #render(packet: Packet): string {
    const text = renderBytes(packet.payload);
    switch (packet.type) {
      case MessageType.error:
        return text.endsWith("|") ? `!${text.slice(0, -1)}` : `!${text} without nul`;
      case MessageType.transactionStart:
        return text.replace(/^\d+\|$/, "<id>|");
      case MessageType.directoryPart:
        return text.replace(/^\d+(?=\|)/, (generation) => this.#generation(generation));
      default:
        return text;
    }
  }

  #generation(text: string): string {
    if (!this.#generations.includes(text)) this.#generations.push(text);
    return `<gen ${this.#generations.indexOf(text) + 1}>`;
  }
}

/** Sends a request and takes everything up to its reply, or up to the end of the connection. */
async function exchange(raw: RawConnection, request: Packet): Promise<readonly Packet[]> {
  const received: Packet[] = [];
  raw.send(request);
  for (;;) {
    const packet = await raw.next();
    if (packet === undefined) return received;
    received.push(packet);
    if (isEvent(packet)) continue;
    if (isReplyTo(packet, request)) return received;
    throw new Error(`Reply ${packet.type}/${packet.requestId}/${packet.transactionId} answers no request`);
  }
}

function isEvent(packet: Packet): boolean {
  return packet.type === MessageType.watchEvent && packet.requestId === 0 && packet.transactionId === 0;
}

function isReplyTo(packet: Packet, request: Packet): boolean {
  const isSameType = packet.type === request.type || packet.type === MessageType.error;
  return (
    isSameType && packet.requestId === request.requestId && packet.transactionId === request.transactionId
  );
}
