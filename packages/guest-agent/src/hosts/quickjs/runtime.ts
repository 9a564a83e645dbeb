import type { EventLoop, Programs } from "@nova-agent/quickjs";

/** What the program runs on. */
export interface Runtime {
  readonly loop: EventLoop;
  readonly programs: Programs;
}
