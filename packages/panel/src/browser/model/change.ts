import * as z from "zod/mini";

const change = z.object({
  kind: z.enum(["server", "operation", "action"]),
  server_id: z.string(),
  id: z.string(),
});

/** Something is not as it was: the server itself, an operation of it, or an action. */
export type Change = z.output<typeof change>;

/** Undefined for what is not understood: then anything may have changed. */
export function parseChange(data: string): Change | undefined {
  try {
    return change.parse(JSON.parse(data));
  } catch {
    return undefined;
  }
}
