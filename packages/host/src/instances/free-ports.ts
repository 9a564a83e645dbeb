import { HostError } from "../errors.ts";
import type { Requester } from "../ports/requester.ts";
import { findNetwork } from "./domains/domains-of-instances.ts";
import type { FreePort } from "./instance.ts";
import type { InstanceContext } from "./instance-context.ts";
import { addFreePort } from "./actions/new-port.ts";

/** What a port that is made by itself is to be. */
export interface FreePortRequest {
  readonly networkId: string;
  readonly name: string;
  /** Without it a free one of each family. */
  readonly fixedIp?: string | undefined;
}

/** What ports without an instance need. */
export type FreePortsOptions = Pick<InstanceContext, "now" | "newId"> & {
  readonly database: Pick<InstanceContext["database"], "instances" | "inventory" | "audit">;
};

/** Network cards that are made by themselves, and given to instances later. */
export class FreePorts {
  readonly #options: FreePortsOptions;

  constructor(options: FreePortsOptions) {
    this.#options = options;
  }

  /** Throws BAD_ARGUMENT, NO_ADDRESS_LEFT and ADDRESS_TAKEN. */
  async create(requester: Requester, { networkId, ...request }: FreePortRequest): Promise<FreePort> {
    const { projectId } = requester;
    const network = await findNetwork(this.#options, networkId, projectId);
    const port = await addFreePort(this.#options, { ...request, network, projectId });
    await this.#audit(requester, { what: "createPort", target: port.id });
    return port;
  }

  /** Throws NO_SUCH_PORT, also when an instance has it. */
  async remove(requester: Requester, id: string): Promise<void> {
    const { instances } = this.#options.database;
    const port = await instances.findFreePort(id);
    if (port?.projectId !== requester.projectId || !(await instances.removeFreePort(id))) {
      throw new HostError("NO_SUCH_PORT", `Port ${id} could not be found.`);
    }
    await this.#audit(requester, { what: "deletePort", target: id });
  }

  async #audit(
    { userId, projectId, requestId }: Requester,
    row: { readonly what: string; readonly target: string },
  ): Promise<void> {
    const { database, now } = this.#options;
    await database.audit.record({ at: now(), userId, projectId, requestId, ...row, outcome: "done" });
  }
}
