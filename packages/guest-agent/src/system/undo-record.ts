import { decodeUtf8, encodeBase64, encodeUtf8 } from "@nova-agent/xenstore";
import type { KeptEntry, KeptLink, KeptNetwork } from "../network/kept-network.ts";
import { decodeBase64 } from "../protocol/base64.ts";
import type { FileAttributes } from "./system.ts";

/** The file had this content; its path is resolved. */
export interface RestoreFile {
  readonly undo: "restoreFile";
  readonly path: string;
  readonly content: Uint8Array;
  readonly attributes: FileAttributes;
  /** Where a copy of it may be, which then takes no more room on the disk. */
  readonly spare?: string;
}

/** No file was there. */
export interface RemoveAgain {
  readonly undo: "removeFile";
  readonly path: string;
}

/** What stood at a path waits under another name. */
export interface RenameBack {
  readonly undo: "renameBack";
  readonly from: string;
  readonly path: string;
}

/** A program brings about what was before. */
export interface RunBack {
  readonly undo: "run";
  readonly argv: readonly [string, ...string[]];
  readonly timeoutMs: number;
}

/** The kernel had this host name. */
export interface RenameHost {
  readonly undo: "setHostname";
  readonly hostname: string;
}

/** The kernel had these addresses and routes on the links that a change of the network is about. */
export interface RestoreNetwork extends KeptNetwork {
  readonly undo: "restoreNetwork";
}

/**
 * How a step is taken back, written down before the step is taken: whatever became of it, also nothing,
 * performing the record makes it as it was, and performing it twice does no harm.
 */
export type UndoRecord = RestoreFile | RemoveAgain | RenameBack | RunBack | RenameHost | RestoreNetwork;

/** A record as one line of JSON, without its line feed. */
export function encodeUndo(record: UndoRecord): Uint8Array {
  const plain = record.undo === "restoreFile" ? { ...record, content: encodeBase64(record.content) } : record;
  return encodeUtf8(JSON.stringify(plain));
}

/** The record of a line, or undefined when it is none: a line may be torn. */
export function decodeUndo(line: Uint8Array): UndoRecord | undefined {
  try {
    const value: unknown = JSON.parse(decodeUtf8(line) ?? "");
    return typeof value === "object" && value !== null ? toRecord({ ...value }) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function toRecord(value: Readonly<Record<string, unknown>>): UndoRecord | undefined {
  const { undo, path, from, hostname, timeoutMs } = value;
  const argv = toArgv(value["argv"]);
  if (undo === "restoreFile") return toRestoreFile(value);
  if (undo === "restoreNetwork") return toRestoreNetwork(value);
  if (undo === "removeFile" && isPath(path)) return { undo, path };
  if (undo === "renameBack" && isPath(from) && isPath(path)) return { undo, from, path };
  if (undo === "run" && argv && typeof timeoutMs === "number") return { undo, argv, timeoutMs };
  if (undo === "setHostname" && typeof hostname === "string") return { undo, hostname };
  return undefined;
}

function toRestoreFile({ path, content, attributes, spare }: Readonly<Record<string, unknown>>) {
  const bytes = typeof content === "string" ? decodeBase64(content) : undefined;
  if (!isPath(path) || bytes === undefined || typeof attributes !== "object") return undefined;
  const { mode, uid, gid, label } = { ...attributes } as Readonly<Record<string, unknown>>;
  if (typeof mode !== "number" || typeof uid !== "number" || typeof gid !== "number") return undefined;
  const owned = { mode, uid, gid };
  const whole = typeof label === "string" ? { ...owned, label } : owned;
  const record = { undo: "restoreFile", path, content: bytes, attributes: whole } as const;
  return isPath(spare) ? { ...record, spare } : record;
}

function toRestoreNetwork({ bootId, links, entries }: Readonly<Record<string, unknown>>) {
  const isWhole =
    Array.isArray(links) && links.every(isKeptLink) && Array.isArray(entries) && entries.every(isKeptEntry);
  if (!isWhole || typeof bootId !== "string") return undefined;
  return { undo: "restoreNetwork", bootId, links, entries } as const;
}

function isKeptLink(value: unknown): value is KeptLink {
  if (typeof value !== "object" || value === null) return false;
  const { name, isUp, mtuBytes } = { ...value } as Readonly<Record<string, unknown>>;
  return typeof name === "string" && typeof isUp === "boolean" && typeof mtuBytes === "number";
}

function isKeptEntry(value: unknown): value is KeptEntry {
  if (typeof value !== "object" || value === null) return false;
  const { object, family, words } = { ...value } as Readonly<Record<string, unknown>>;
  const isKind = (object === "address" || object === "route") && (family === 4 || family === 6);
  return isKind && toArgv(words) !== undefined;
}

function toArgv(value: unknown): readonly [string, ...string[]] | undefined {
  if (!Array.isArray(value) || !value.every((word) => typeof word === "string")) return undefined;
  const [program, ...rest] = value;
  return program === undefined ? undefined : [program, ...rest];
}

function isPath(value: unknown): value is string {
  return typeof value === "string" && value.startsWith("/");
}
