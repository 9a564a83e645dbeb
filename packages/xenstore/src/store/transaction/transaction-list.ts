import type { WireErrorName } from "../../errors.ts";
import type { Domain, Domains } from "../domain/domain.ts";
import { isOver } from "../domain/quotas.ts";
import type { Tree } from "../tree/tree.ts";
import type { Notifier } from "../watch/notifier.ts";
import { applyTransaction, findConflict, notifyCommit } from "./commit.ts";
import { Transaction } from "./transaction.ts";

/** The open transactions of one connection, by number from 1 (xenstore.txt, "Transactions"). */
export class TransactionList {
  readonly #tree: Tree;
  readonly #domains: Domains;
  readonly #notifier: Notifier;
  readonly #domain: Domain;
  readonly #transactions = new Map<number, Transaction>();
  #lastId = 0;

  constructor(options: { tree: Tree; domains: Domains; notifier: Notifier; domain: Domain }) {
    this.#tree = options.tree;
    this.#domains = options.domains;
    this.#notifier = options.notifier;
    this.#domain = options.domain;
  }

  get(id: number): Transaction | undefined {
    return this.#transactions.get(id);
  }

  /** The number of the new transaction, or the error to answer with. */
  start(): number | WireErrorName {
    const limit = this.#domains.limit(this.#domain, "transactions");
    if (isOver(this.#domain.openTransactions + 1, limit)) return "ENOSPC";
    do this.#lastId = (this.#lastId + 1) >>> 0;
    while (this.#lastId === 0 || this.#transactions.has(this.#lastId));
    const parts = { tree: this.#tree, domains: this.#domains, domain: this.#domain };
    this.#transactions.set(this.#lastId, new Transaction(parts));
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
    if (transaction.isFailed) return "ENOMEM";
    const before = this.#tree.root;
    const conflict = findConflict(transaction, before);
    if (conflict !== undefined) {
      this.#blame(conflict.writer);
      return "EAGAIN";
    }
    const more = transaction.ownedChanges.get(this.#domain.domid) ?? 0;
    const isTooMany = isOver(transaction.ownedNodes(), this.#domains.limit(this.#domain, "nodes"));
    if (more > 0 && isTooMany) return "ENOSPC";
    const after = applyTransaction(transaction, before, this.#tree.stamp(this.#domain.domid));
    if (after === before) return undefined;
    this.#tree.set(after);
    for (const [domid, by] of transaction.ownedChanges) this.#domains.get(domid).ownedNodes += by;
    notifyCommit(transaction, { before, after }, this.#notifier);
    return undefined;
  }

  /** Whoever made the transaction fail is told, so that it can be kept from doing so without end. */
  #blame(writer: number): void {
    if (writer === this.#domain.domid) return;
    for (const connection of this.#domains.get(writer).connections) connection.tellConflict();
  }
}
