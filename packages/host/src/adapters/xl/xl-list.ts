import { HostError } from "../../errors.ts";
import type { DomainInfo } from "../../ports/toolstack.ts";

/**
 * The domains in the output of `xl list -l`, without Dom0: a JSON array of domids and libxl_domain_config
 * (xl(1), "list"). A domain without a name or a UUID, which is one that is being made or ends, is left out.
 * Throws TOOLSTACK_FAILED.
 */
export function parseXlList(text: string): DomainInfo[] {
  const entries = parseJson(text);
  if (!Array.isArray(entries)) throw unreadable(text);
  return entries.map(parseEntry).filter((domain) => domain !== undefined);
}

function parseEntry(entry: unknown): DomainInfo | undefined {
  const domid = field(entry, "domid");
  const info = field(field(entry, "config"), "c_info");
  const name = field(info, "name");
  const uuid = field(info, "uuid");
  if (typeof domid !== "number" || typeof name !== "string" || typeof uuid !== "string") return undefined;
  return domid === 0 ? undefined : { domid, name, uuid: uuid.toLowerCase() };
}

/** The domid that `xl domid` printed. Throws TOOLSTACK_FAILED. */
export function parseDomidLine(text: string): number {
  const line = text.trim();
  if (!/^[1-9]\d{0,4}$/.test(line)) throw unreadable(text);
  return Number(line);
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unreadable(text);
  }
}

function unreadable(text: string): HostError {
  return new HostError(
    "TOOLSTACK_FAILED",
    `xl printed what is not understood: ${JSON.stringify(text.slice(0, 200))}`,
  );
}
