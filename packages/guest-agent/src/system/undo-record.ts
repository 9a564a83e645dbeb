import { decodeUtf8, encodeUtf8 } from "@nova-agent/xenstore";
import { decodeBase64, encodeBase64 } from "../protocol/base64.ts";
import type { FileAttributes } from "./system.ts";

/** The file had this content; its path is resolved. */
export interface RestoreFile {
  readonly undo: "restoreFile";
  readonly path: string;
  readonly content: Uint8Array;
  readonly attributes: FileAttributes;
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

/**
 * How a step is taken back, written down before the step is taken: whatever became of it, also nothing,
 * performing the record makes it as it was, and performing it twice does no harm.
 */
export type UndoRecord = RestoreFile | RemoveAgain | RenameBack | RunBack | RenameHost;

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
  if (undo === "removeFile" && isPath(path)) return { undo, path };
  if (undo === "renameBack" && isPath(from) && isPath(path)) return { undo, from, path };
  if (undo === "run" && argv && typeof timeoutMs === "number") return { undo, argv, timeoutMs };
  if (undo === "setHostname" && typeof hostname === "string") return { undo, hostname };
  return undefined;
}

function toRestoreFile({ path, content, attributes }: Readonly<Record<string, unknown>>) {
  const bytes = typeof content === "string" ? decodeBase64(content) : undefined;
  if (!isPath(path) || bytes === undefined || typeof attributes !== "object") return undefined;
  const { mode, uid, gid, label } = { ...attributes } as Readonly<Record<string, unknown>>;
  if (typeof mode !== "number" || typeof uid !== "number" || typeof gid !== "number") return undefined;
  const owned = { mode, uid, gid };
  const whole = typeof label === "string" ? { ...owned, label } : owned;
  return { undo: "restoreFile", path, content: bytes, attributes: whole } as const;
}

function toArgv(value: unknown): readonly [string, ...string[]] | undefined {
  if (!Array.isArray(value) || !value.every((word) => typeof word === "string")) return undefined;
  const [program, ...rest] = value;
  return program === undefined ? undefined : [program, ...rest];
}

function isPath(value: unknown): value is string {
  return typeof value === "string" && value.startsWith("/");
}
