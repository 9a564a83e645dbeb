import * as z from "zod/mini";
import { guestText } from "./guest-text.ts";
import { operation } from "./operation.ts";

const event = z.object({
  event: z.string(),
  started_at: z.string(),
  finished_at: z.nullable(z.string()),
  result: z.nullable(z.string()),
  details: guestText,
});

const activity = z.object({
  request_id: z.string(),
  action: z.string(),
  user: z.object({ id: z.string(), name: z.string() }),
  started_at: z.string(),
  finished_at: z.nullable(z.string()),
  result: z.nullable(z.string()),
  message: guestText,
  events: z.array(event),
  operations: z.array(operation),
});

export const activityAnswer = z.object({ activity: z.array(activity) });

/** Something that was done with a server: by whom, its steps, and what the guest was asked for it. */
export type Activity = z.output<typeof activity>;
export type ActivityEvent = z.output<typeof event>;
