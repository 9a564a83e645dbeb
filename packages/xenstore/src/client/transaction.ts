import { XenstoreError } from "../errors.ts";
import { TRANSACTION_ATTEMPTS_MAX, TRANSACTION_FAULTS_MAX } from "../limits.ts";
import { parseText } from "../wire/replies.ts";
import { parseDecimal } from "../wire/strings.ts";
import { type Ask, createAsk } from "./ask.ts";
import type { Connection } from "./connection.ts";
import { createNodeOperations, type NodeOperations } from "./node-operations.ts";

/** The operations on nodes inside one transaction, valid until its body ends. */
export type Transaction = NodeOperations;

/** What is done inside a transaction. It runs again after a conflict, so it must bear repetition. */
export type TransactionBody<T> = (transaction: Transaction) => Promise<T>;

/**
 * Runs `body` in a transaction and commits it (xenstore.txt, "TRANSACTION_START"). A conflict runs it
 * again, 100 times at the most, then EAGAIN. EIO of a request inside counts as one 10 times: C xenstored
 * answers it to RM of a node that the transaction has touched and another connection has removed since.
 * When the body throws anything else, nothing is committed and its error is thrown. The transaction
 * lives on one connection: when that ends, ECLOSED, and a commit that was under way may or may not have
 * happened.
 */
export async function runTransaction<T>(
  connected: () => Promise<Connection>,
  body: TransactionBody<T>,
): Promise<T> {
  let faults = 0;
  for (let attempt = 1; attempt <= TRANSACTION_ATTEMPTS_MAX; attempt += 1) {
    const outcome = await attemptTransaction(await connected(), body);
    if (outcome.kind === "committed") return outcome.value;
    if (outcome.kind === "fault") faults += 1;
    if (outcome.kind === "fault" && faults >= TRANSACTION_FAULTS_MAX) throw outcome.error;
  }
  throw new XenstoreError("EAGAIN", `Transaction met a conflict ${TRANSACTION_ATTEMPTS_MAX} times`);
}

type Outcome<T> =
  | { readonly kind: "committed"; readonly value: T }
  | { readonly kind: "conflict" }
  /** The body ended in the EIO of a request; it may be a conflict. */
  | { readonly kind: "fault"; readonly error: unknown };

async function attemptTransaction<T>({ request }: Connection, body: TransactionBody<T>): Promise<Outcome<T>> {
  const id = parseTransactionId(await createAsk(request)({ type: "transactionStart" }));
  const ask = createAsk(request, id);
  const inside = openInside(ask);
  let value: T;
  try {
    value = await body(createNodeOperations(inside.ask));
  } catch (error) {
    inside.end();
    await abort(ask);
    if (inside.hasFault()) return { kind: "fault", error };
    throw error;
  }
  inside.end();
  return (await commit(ask)) ? { kind: "committed", value } : { kind: "conflict" };
}

/** What the body asks through, until its end, and whether any answer was EIO. */
function openInside(ask: Ask): { readonly ask: Ask; hasFault(): boolean; end(): void } {
  let isOpen = true;
  let hasFault = false;
  const inside: Ask = async (asked) => {
    if (!isOpen) throw new XenstoreError("ECLOSED", "Transaction has ended");
    try {
      return await ask(asked);
    } catch (error) {
      hasFault ||= error instanceof XenstoreError && error.code === "EIO";
      throw error;
    }
  };
  return { ask: inside, hasFault: () => hasFault, end: () => void (isOpen = false) };
}

/** False when the server answers that the transaction conflicts with what others did. */
async function commit(ask: Ask): Promise<boolean> {
  try {
    await ask({ type: "transactionEnd", commit: true });
    return true;
  } catch (error) {
    if (error instanceof XenstoreError && error.code === "EAGAIN") return false;
    throw error;
  }
}

async function abort(ask: Ask): Promise<void> {
  try {
    await ask({ type: "transactionEnd", commit: false });
  } catch (error) {
    // The body's own error tells more, and a transaction that is gone is as good as aborted.
    if (!(error instanceof XenstoreError)) throw error;
  }
}

function parseTransactionId(payload: Uint8Array): number {
  const text = parseText(payload);
  const id = parseDecimal(text, 0xffff_ffff);
  if (id !== undefined && id > 0) return id;
  throw new XenstoreError("EPROTO", `Transaction id ${JSON.stringify(text)} is no positive number`);
}
