import type { WireErrorName } from "../errors.ts";
import { PAYLOAD_MAX_BYTES } from "../limits.ts";
import { MessageType } from "../wire/message-type.ts";
import type { Packet } from "../wire/packet.ts";
import { parseRequest } from "../wire/parse-request.ts";
import { encodeTexts, errorPayload, OK_PAYLOAD, type WatchNotice } from "../wire/replies.ts";
import type { Request } from "../wire/requests.ts";
import type { Domain } from "./domain/domain.ts";
import { answer } from "./requests/answer.ts";
import type { Answer, Caller, Core } from "./requests/core.ts";
import { ignoresTransaction, isKnownType, isPrivilegedType } from "./requests/request-rules.ts";
import { LiveView } from "./transaction/live-view.ts";
import { TransactionList } from "./transaction/transaction-list.ts";
import { WatchList } from "./watch/watch-list.ts";

/** What a connection tells the side that carries its bytes. */
export interface Peer {
  /** The answer to a request, in the order of the requests. The payload must not be changed. */
  reply(packet: Packet): void;
  /** An event of one of its watches. */
  event(event: WatchNotice): void;
  /** The domain was released: the connection is closed, and nothing more will come. */
  ended(): void;
  /** A change of this domain made a transaction of another one fail. */
  conflicted?(): void;
}

/**
 * One client of the store: its watches and transactions, which end with it. Several connections may
 * belong to one domain and share its limits.
 */
export class Connection {
  readonly domain: Domain;
  readonly #core: Core;
  readonly #peer: Peer;
  readonly #live: Caller;
  readonly #watches: WatchList;
  readonly #transactions: TransactionList;
  #isClosed = false;

  constructor(core: Core, domain: Domain, peer: Peer) {
    this.#core = core;
    this.domain = domain;
    this.#peer = peer;
    this.#watches = new WatchList({ ...core, watcher: this });
    this.#transactions = new TransactionList({ ...core, domain });
    this.#live = { domain, view: new LiveView({ ...core, domain }) };
    domain.connections.add(this);
  }

  /** Answers one request. Events that it causes go out before its reply, on all connections. */
  handle(packet: Packet): void {
    if (this.#isClosed) return;
    const { type, requestId, transactionId } = packet;
    if (type === MessageType.watch) return this.#handleWatch(packet);
    const result = this.#answer(packet);
    if (typeof result === "string") return this.#fail(packet, result);
    if (result.length > PAYLOAD_MAX_BYTES) return this.#fail(packet, "E2BIG");
    this.#peer.reply({ type, requestId, transactionId, payload: result });
  }

  /** Tells the peer of a change, unless the event would not fit a packet. */
  deliverEvent(path: string, token: string): void {
    if (path.length + token.length + 2 <= PAYLOAD_MAX_BYTES) this.#peer.event({ path, token });
  }

  /** Tells the peer that its domain made another one's transaction fail. */
  tellConflict(): void {
    this.#peer.conflicted?.();
  }

  /** Drops all watches and transactions (xenstore.txt, "RESET_WATCHES"). */
  reset(): void {
    this.#watches.clear();
    this.#transactions.clear();
  }

  /** Ends the connection; safe to call twice. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.reset();
    this.domain.connections.delete(this);
  }

  /** Ends the connection from the store's side. */
  end(): void {
    if (this.#isClosed) return;
    this.close();
    this.#peer.ended();
  }

  /** The order of the checks is C xenstored's: type, privilege, transaction, payload. */
  #answer({ type, transactionId, payload }: Packet): Answer {
    if (!isKnownType(type)) return "ENOSYS";
    if (isPrivilegedType(type) && !this.domain.isPrivileged) return "EACCES";
    if (transactionId === 0 || ignoresTransaction(type)) {
      const request = parseRequest(type, payload);
      return typeof request === "string" ? request : this.#perform(request, this.#live);
    }
    const transaction = this.#transactions.get(transactionId);
    if (transaction === undefined) return "ENOENT";
    const request = parseRequest(type, payload);
    if (typeof request === "string") return request;
    if (request.type === "transactionEnd") {
      return this.#transactions.end(transactionId, request.commit) ?? OK_PAYLOAD;
    }
    if (transaction.metLimit !== undefined) return transaction.metLimit;
    const answered = this.#perform(request, { domain: this.domain, view: transaction });
    return transaction.metLimit ?? answered;
  }

  #perform(request: Request, caller: Caller): Answer {
    switch (request.type) {
      case "transactionStart": {
        const id = caller === this.#live ? this.#transactions.start() : "EBUSY";
        return typeof id === "string" ? id : encodeTexts([String(id)]);
      }
      case "unwatch":
        return this.#watches.remove(request) ?? OK_PAYLOAD;
      case "resetWatches":
        this.reset();
        return OK_PAYLOAD;
      // Both are answered before this, but for an end without a transaction.
      case "watch":
      case "transactionEnd":
        return "ENOENT";
      default:
        return answer(this.#core, caller, request);
    }
  }

  /** The reply comes first, then one event at once, whether the node is there or not. */
  #handleWatch(packet: Packet): void {
    const { type, requestId, transactionId, payload } = packet;
    const request = parseRequest(type, payload);
    if (typeof request === "string" || request.type !== "watch") return this.#fail(packet, "EINVAL");
    const watch = this.#watches.add(request);
    if (typeof watch === "string") return this.#fail(packet, watch);
    this.#peer.reply({ type, requestId, transactionId, payload: OK_PAYLOAD });
    this.deliverEvent(request.path, request.token);
  }

  #fail({ requestId, transactionId }: Packet, error: WireErrorName): void {
    this.#peer.reply({ type: MessageType.error, requestId, transactionId, payload: errorPayload(error) });
  }
}
