import * as z from "zod/mini";
import { guestText } from "./guest-text.ts";

const step = z.object({ at: z.string(), state: z.string(), text: guestText });

/** A request to a guest as the service's ledger has it, with its timeline. */
export const operation = z.object({
  id: z.string(),
  instance_id: z.string(),
  kind: z.string(),
  state: z.string(),
  is_finished: z.boolean(),
  attempts: z.number(),
  request_id: z.string(),
  user_id: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
  deadline_at: z.string(),
  returncode: z.nullable(guestText),
  message: z.nullable(guestText),
  error: z.nullable(z.object({ code: z.string(), message: guestText })),
  timeline: z.array(step),
});

export type Operation = z.output<typeof operation>;

export const operationsAnswer = z.object({ operations: z.array(operation) });
