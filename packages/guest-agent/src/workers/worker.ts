import { XenstoreClient } from "@nova-agent/xenstore";
import type { XenstoreReader } from "../commands/command.ts";
import { commands } from "../commands/index.ts";
import type { OpenExchange } from "../service/exchange-keeper.ts";
import { LocalHandler } from "./local-handler.ts";
import { createSystemLogger, type Logger } from "../log.ts";
import { Pause } from "../pause.ts";
import type { ExchangeChange } from "../plan.ts";
import { Secret } from "../secret.ts";
import { startUp } from "../service/start-up.ts";
import { recover } from "../system/executor.ts";
import type { System } from "../system/system.ts";
import type { ExchangeUse, RequestTask, WorkerMessage, WorkerTask } from "./worker-task.ts";

/** What a worker's process gives it. */
export interface WorkerOptions {
  readonly task: WorkerTask;
  readonly system: System;
  readonly tell: (message: WorkerMessage) => void;
}

/** Does one task with a connection to XenStore of its own, and tells what came of it. */
export async function runWorker({ task, system, tell }: WorkerOptions): Promise<void> {
  const { config, root } = task;
  const log = createSystemLogger(system, config.logLevel);
  if (task.kind === "recover") {
    await recover({ system, log, root });
    tell({ kind: "done" });
    return;
  }
  const client = await XenstoreClient.open({ connect: system.connectXenstore, clock: system.clock });
  const parts = { system, log, root, xenstore: client };
  if (task.kind === "start") await start({ ...parts, tell, isApplied: config.isAppliedAtStart });
  else tell(await serve(task, { ...parts, config }));
  await client.close();
}

interface Parts {
  readonly system: System;
  readonly log: Logger;
  readonly root: string;
  readonly xenstore: XenstoreReader;
}

interface Start extends Parts {
  readonly isApplied: boolean;
  readonly tell: WorkerOptions["tell"];
}

async function start({ tell, ...parts }: Start): Promise<void> {
  const pause = new Pause(parts.system.clock);
  parts.system.onTerminate(() => pause.end());
  await startUp({ ...parts, pause, ready: () => tell({ kind: "ready" }) });
  tell({ kind: "done" });
}

async function serve(
  task: RequestTask,
  parts: Parts & { readonly config: WorkerTask["config"] },
): Promise<WorkerMessage> {
  // A request is finished, also when the service is asked to end: the service says when it ends.
  parts.system.onTerminate(() => {});
  const exchange = new GivenExchange(task.exchange);
  const handler = new LocalHandler({ ...parts, commands, exchange });
  const reply = await handler.handle(task.requestId, task.request);
  handler.close();
  return { kind: "reply", reply, exchange: exchange.use };
}

/** The key exchange that a worker was given, and what its request did to it. */
class GivenExchange implements OpenExchange {
  readonly #secret: Secret | undefined;
  #use: ExchangeUse = "kept";

  constructor(bytes: Uint8Array) {
    this.#secret = bytes.length === 0 ? undefined : new Secret(bytes);
  }

  get secret(): Secret | undefined {
    return this.#secret;
  }

  get use(): ExchangeUse {
    return this.#use;
  }

  apply(change: ExchangeChange | undefined): void {
    if (change !== undefined) this.#use = "ended";
  }

  countFailure(): void {
    this.#use = "failed";
  }

  wipe(): void {
    this.#secret?.wipe();
  }
}
