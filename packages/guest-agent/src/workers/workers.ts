import type { XenstoreClient } from "@nova-agent/xenstore";
import type { Pause } from "../pause.ts";
import type { RequestHandler } from "../service/request-handler.ts";

/** What the work at the start needs of the service. */
export interface StartUpWork {
  readonly client: XenstoreClient;
  /** Ended when the service is to end. */
  readonly pause: Pause;
  /** Lets what is ordered behind the agent begin. */
  readonly ready: () => void;
}

/** Who changes the guest for the service: the service's own process, or a child of it a task. */
export interface Workers {
  /** Brings the guest in order before requests are served; never rejects. */
  startUp(work: StartUpWork): Promise<void>;
  handler(client: XenstoreClient): RequestHandler;
}
