import { MessageType } from "../../wire/message-type.ts";

/** Something that a script does. */
export type Action =
  | {
      readonly kind: "request";
      readonly connection: string;
      readonly type: number;
      /** A number, or a name that `begin` gave to a transaction. */
      readonly transaction: string;
      readonly payload: Uint8Array;
    }
  | { readonly kind: "begin"; readonly connection: string; readonly transaction: string }
  | { readonly kind: "close"; readonly connection: string }
  | { readonly kind: "domain"; readonly domid: number; readonly event: DomainEvent };

/** What may happen to a domain outside of the store. */
export type DomainEvent = "exists" | "introduced" | "shut down" | "crashed" | "gone";

const domainEvents: ReadonlySet<string> = new Set(["exists", "introduced", "shut down", "crashed", "gone"]);

/** The message types by the names of xs_wire.h. */
const requestTypes: Readonly<Record<string, number>> = {
  CONTROL: MessageType.control,
  DIRECTORY: MessageType.directory,
  READ: MessageType.read,
  GET_PERMS: MessageType.getPermissions,
  WATCH: MessageType.watch,
  UNWATCH: MessageType.unwatch,
  TRANSACTION_START: MessageType.transactionStart,
  TRANSACTION_END: MessageType.transactionEnd,
  INTRODUCE: MessageType.introduce,
  RELEASE: MessageType.release,
  GET_DOMAIN_PATH: MessageType.getDomainPath,
  WRITE: MessageType.write,
  MKDIR: MessageType.makeDirectory,
  RM: MessageType.remove,
  SET_PERMS: MessageType.setPermissions,
  IS_DOMAIN_INTRODUCED: MessageType.isDomainIntroduced,
  RESUME: MessageType.resume,
  SET_TARGET: MessageType.setTarget,
  RESET_WATCHES: MessageType.resetWatches,
  DIRECTORY_PART: MessageType.directoryPart,
  GET_FEATURE: MessageType.getFeature,
  SET_FEATURE: MessageType.setFeature,
  GET_QUOTA: MessageType.getQuota,
  SET_QUOTA: MessageType.setQuota,
};

/**
 * The lines of a script. One line is one action with what its sender receives up to the reply, or one
 * event that is received after that:
 *
 *     0 WRITE /a/b|value => OK|        dom0 writes; `|` is a nul byte, `\xHH` any byte
 *     5 READ /a/b| => !EACCES          domain 5 gets an error
 *     0b WATCH /a|token| => OK|        a second connection of dom0
 *     0b <- /a|token|                  the watch event that 0b receives next
 *     0 begin t => OK|                 TRANSACTION_START; t names the transaction
 *     0 READ@t /a/b| => value          a request in it
 *     0 WRITE /a|{x*20} => /a|t| then OK|     twenty times x; an event comes before the reply
 *     0 TYPE20 | => !ENOSYS            a message type by number
 *     0 close                          ends the connection
 *     domain 7 introduced              exists, introduced, shut down, crashed, gone
 *
 * Numbers that a server may choose freely read `<id>` for transactions and `<gen 1>`, `<gen 2>` for
 * generations, counted as they appear; an empty reply reads `(empty)`.
 */
export function parseScript(script: string): readonly string[] {
  return script
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** The part of a line that is done, without what is expected; undefined for a line that only expects. */
export function actionText(line: string): string | undefined {
  if (line.includes(" <- ")) return undefined;
  return line.split(" => ")[0];
}

/** What an action's text says. Throws when it says nothing that is known: the script is wrong. */
export function parseAction(text: string): Action {
  const [connection = "", command = "", ...rest] = text.split(" ");
  if (connection === "domain") return parseDomainAction(command, rest.join(" "));
  const [word = ""] = rest;
  if (command === "begin") return { kind: "begin", connection, transaction: word };
  if (command === "close") return { kind: "close", connection };
  const [typeName = "", transaction = "0"] = command.split("@");
  const type = typeName.startsWith("TYPE") ? Number(typeName.slice(4)) : requestTypes[typeName];
  if (type === undefined || Number.isNaN(type)) throw new TypeError(`No such action: ${text}`);
  return { kind: "request", connection, type, transaction, payload: parseBytes(rest.join(" ")) };
}

function parseDomainAction(domid: string, event: string): Action {
  if (!isDomainEvent(event)) throw new TypeError(`Nothing known happens to domain ${domid}: ${event}`);
  return { kind: "domain", domid: Number(domid), event };
}

function isDomainEvent(text: string): text is DomainEvent {
  return domainEvents.has(text);
}

/** The domain whose connection a name such as `5` or `0b` is. */
export function domidOf(connection: string): number {
  return Number.parseInt(connection, 10);
}

/** The bytes that a script's text stands for. */
export function parseBytes(text: string): Uint8Array {
  const repeated = text.replaceAll(/\{([^{}*]+)\*(\d+)\}/g, (_, unit: string, count: string) =>
    unit.repeat(Number(count)),
  );
  const unescaped = repeated
    .replaceAll("|", "\0")
    .replaceAll(/\\x([\da-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Uint8Array.from(unescaped, (character) => character.charCodeAt(0));
}

/** How a script writes these bytes: long runs of one character are counted. */
export function renderBytes(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += renderByte(byte);
  return text === "" ? "(empty)" : text.replaceAll(/([^\\|])\1{15,}/g, countRun);
}

function renderByte(byte: number): string {
  if (byte === 0) return "|";
  if (byte < 0x20 || byte > 0x7e) return `\\x${byte.toString(16).padStart(2, "0")}`;
  return String.fromCharCode(byte);
}

function countRun(run: string, character: string): string {
  return `{${character}*${run.length}}`;
}
