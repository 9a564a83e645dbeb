import { HostError, type HostErrorCode } from "../../errors.ts";

/** What it means when a statement breaks a constraint, by the constraint's name; see migrations. */
const meanings: ReadonlyMap<string, { readonly code: HostErrorCode; readonly message: string }> = new Map([
  ["fixed_ip_pkey", { code: "ADDRESS_TAKEN", message: "The address is in use in its network" }],
  ["port_mac_key", { code: "ADDRESS_TAKEN", message: "The MAC address is in use in its network" }],
  ["port_instance_fkey", { code: "NO_SUCH_INSTANCE", message: "The port's instance does not exist" }],
]);

/** SQLSTATE of unique_violation (PostgreSQL, "Error Codes"). */
const UNIQUE_VIOLATION = "23505";

/** The HostError for what the database's client threw. */
export function translateError(cause: unknown): HostError {
  if (cause instanceof HostError) return cause;
  const meaning = meanings.get(String(fieldOf(cause, "constraint")));
  if (meaning !== undefined) return new HostError(meaning.code, meaning.message, { cause });
  if (fieldOf(cause, "code") === UNIQUE_VIOLATION) {
    return new HostError(
      "ALREADY_EXISTS",
      `There is one like it already: ${String(fieldOf(cause, "table"))}`,
      { cause },
    );
  }
  const words = cause instanceof Error ? cause.message : String(cause);
  return new HostError("DATABASE_FAILED", `The database failed: ${words}`, { cause });
}

/** What both clients put onto the errors of the server (PostgreSQL, "Error and Notice Message Fields"). */
function fieldOf(error: unknown, name: "code" | "constraint" | "table"): unknown {
  return error instanceof Error ? Reflect.get(error, name) : undefined;
}
