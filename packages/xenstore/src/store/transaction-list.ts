import type { WireErrorName } from "../errors.ts";
import { applyTransaction, findConflict, notifyCommit } from "./commit.ts";
import type { Core } from "./core.ts";
import type { Domain } from "./domain.ts";
import { isOver } from "./quotas.ts";
import { Transaction } from "./transaction.ts";

/** The open transactions of one connection, by number from 1 (xenstore.txt, "Transactions"). */
export class TransactionList {
  readonly #core: Core;
  readonly #domain: Domain;
  readonly #transactions = new Map<number, Transaction>();
  #lastId = 0;

  constructor(core: Core, domain: Domain) {
    this.#core = core;
    this.#domain = domain;
  }

  get(id: number): Transaction | undefined {
    return this.#transactions.get(id);
  }

  /** The number of the new transaction, or the error to answer with. */
  start(): number | WireErrorName {
    const limit = this.#core.domains.limit(this.#domain, "transactions");
    if (isOver(this.#domain.openTransactions + 1, limit)) return "ENOSPC";
    do this.#lastId = (this.#lastId + 1) >>> 0;
    while (this.#lastId === 0 || this.#transactions.has(this.#lastId));
    const { tree, domains } = this.#core;
    this.#transactions.set(this.#lastId, new Transaction({ tree, domains, domain: this.#domain }));
    return this.#lastId;
  }

  /** Ends a transaction, committing it or not; undefined, or the error to answer with. */
  end(id: number, commit: boolean): WireErrorName | undefined {
    const transaction = this.#transactions.get(id);
    if (transaction === undefined) return "ENOENT";
    this.#transactions.delete(id);
    transaction.end();
    return commit ? this.#commit(transaction) : undefined;
  }

  clear(): void {
    for (const transaction of this.#transactions.values()) transaction.end();
    this.#transactions.clear();
  }

  #commit(transaction: Transaction): WireErrorName | undefined {
    const { tree, domains, notifier } = this.#core;
    if (transaction.isFailed) return "ENOMEM";
    const before = tree.root;
    const conflict = findConflict(transaction, before);
    if (conflict !== undefined) {
      this.#blame(conflict.writer);
      return "EAGAIN";
    }
    const more = transaction.ownedChanges.get(this.#domain.domid) ?? 0;
    const isTooMany = isOver(transaction.ownedNodes(), domains.limit(this.#domain, "nodes"));
    if (more > 0 && isTooMany) return "ENOSPC";
    const after = applyTransaction(transaction, before, tree.stamp(this.#domain.domid));
    if (after === before) return undefined;
    tree.set(after);
    for (const [domid, by] of transaction.ownedChanges) domains.get(domid).ownedNodes += by;
    notifyCommit(transaction, { before, after }, notifier);
    return undefined;
  }

  /** Whoever made the transaction fail is told, so that it can be kept from doing so without end. */
  #blame(writer: number): void {
    if (writer === this.#domain.domid) return;
    for (const connection of this.#core.domains.get(writer).connections) connection.tellConflict();
  }
}
