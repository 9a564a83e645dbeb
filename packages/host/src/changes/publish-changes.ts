import type { ActionRepository, InstanceRepository, OperationRepository } from "../ports/repositories.ts";
import type { ChangeFeed } from "./change-feed.ts";
import { Owners } from "./owners.ts";
import { PublishingActions } from "./publishing-actions.ts";
import { PublishingInstances } from "./publishing-instances.ts";
import { PublishingOperations } from "./publishing-operations.ts";

/** What of a database is watched. */
export interface ChangingDatabase {
  readonly instances: InstanceRepository;
  readonly operations: OperationRepository;
  readonly actions: ActionRepository;
}

/**
 * The same database, which tells the feed of every change of instances, operations and actions that is made
 * through it, once it is made. Whose a thing is, is looked up before: what is written is never failed by it.
 */
export function publishChanges<Some extends ChangingDatabase>(
  database: Some,
  feed: Pick<ChangeFeed, "publish">,
): Some {
  const { instances, operations, actions } = database;
  const projects = new Owners(async (id) => (await instances.find(id))?.projectId);
  return {
    ...database,
    instances: new PublishingInstances(instances, { feed, projects }),
    operations: new PublishingOperations(operations, { feed, projects }),
    actions: new PublishingActions(actions, { feed, projects }),
  };
}
