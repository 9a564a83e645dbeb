import type { Change, ChangeFeed } from "./change-feed.ts";
import type { Owners } from "./owners.ts";

/** What tells of changes stands on. */
export interface PublisherOptions {
  readonly feed: Pick<ChangeFeed, "publish">;
  /** By the instance's id. */
  readonly projects: Owners<string>;
}

/** What is called when a change has been made. */
export type Announce = () => void;

const nothing: Announce = () => undefined;

/** Says beforehand what is to be published; an instance that is not known, or not there, is nobody's business. */
export async function prepareAnnouncement(
  { feed, projects }: PublisherOptions,
  { kind, instanceId, id }: Pick<Change, "kind" | "id"> & { readonly instanceId: string | undefined },
): Promise<Announce> {
  if (instanceId === undefined) return nothing;
  const projectId = await projects.of(instanceId);
  return projectId === undefined ? nothing : () => feed.publish({ kind, instanceId, projectId, id });
}
