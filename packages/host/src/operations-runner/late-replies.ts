import type { XenstoreClient } from "@nova-agent/xenstore";
import { ifPresent } from "../domains.ts";
import { HostError } from "../errors.ts";
import { isFinished, type Operation } from "../ledger/operation.ts";
import { LEFT_REPLIES_MAX } from "../limits.ts";
import { dataPath } from "../model/guest-paths.ts";
import { isSuccess } from "../model/command-rule.ts";
import { refusedError } from "../model/exchange-errors.ts";
import { readAnswer } from "../model/reply.ts";
import type { OperationNote, OperationRepository } from "../ports/repositories.ts";
import { readReply, removeReply } from "../request-nodes.ts";
import { tellsOfUnanswered, uncertainError } from "./attempts.ts";
import { changesGuest, commandOfKind } from "./operation-rule.ts";

/** Where replies may lie that nobody waits for. */
export interface LeftReplies {
  readonly xenstore: XenstoreClient;
  readonly operations: OperationRepository;
  readonly domid: number;
  /** Of the guest, which may write any name: only replies to its own operations count. */
  readonly instanceId: string;
}

/**
 * Removes the replies to operations that are finished: one that came after the time was over is noted in
 * the ledger before. Replies to anybody else's requests stay.
 */
export async function collectLateReplies(from: LeftReplies): Promise<void> {
  const { xenstore, domid } = from;
  const names = (await ifPresent(xenstore.list(`${dataPath(domid)}/guest`))) ?? [];
  const ids = names.filter((name) => uuidPattern.test(name)).slice(0, LEFT_REPLIES_MAX);
  for (const id of ids) await collect(from, id);
}

const uuidPattern = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

async function collect({ xenstore, operations, domid, instanceId }: LeftReplies, id: string): Promise<void> {
  const operation = await operations.find(id);
  if (operation === undefined || operation.instanceId !== instanceId || !isFinished(operation)) return;
  const bytes = await readReply(xenstore, { domid, id });
  if (bytes === undefined) return;
  if (operation.state === "timedOut") await operations.note(id, lateNote(operation, { domid, bytes }));
  await removeReply(xenstore, { domid, id });
}

function lateNote(
  { kind, timeline }: Operation,
  { domid, bytes }: { readonly domid: number; readonly bytes: Uint8Array },
): OperationNote {
  const answer = readAnswer(bytes, { domid, command: kind });
  const text = `Domain ${domid} answered when nobody waited any more`;
  if (answer instanceof HostError) return { state: "late", text: `${text}: ${answer.message}` };
  const { returncode, message } = answer;
  const note = { state: "late", text: `${text}, with code ${returncode}`, returncode, message } as const;
  const isRefusal = changesGuest(kind) && !isSuccess(commandOfKind(kind), answer);
  if (!isRefusal || !tellsOfUnanswered(timeline)) return note;
  const refusal = uncertainError(refusedError({ domid, command: kind, returncode, message }));
  return { ...note, error: { code: refusal.code, message: refusal.message } };
}
