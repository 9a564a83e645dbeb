import { messageOf, type RunningAction } from "../action.ts";

/**
 * Begins to ask the guest that has booted for its agent's version, which an upgrade may have changed. It
 * goes on behind the action, which a guest with a slow boot or without an agent must not hold up; the
 * version of the former boot stays when there is no answer.
 */
export function renewVersion({ context, instance, requester }: RunningAction): void {
  const { database, operations, versions, log } = context;
  const { id } = instance;
  versions.cancel(id);
  versions.start(id, async (signal) => {
    try {
      const image = await database.inventory.findImage(instance.imageId);
      if (image?.hasAgent !== true) return;
      const agentVersion = await operations.version({ instanceId: id, requester, signal });
      // Another version may offer other things.
      const isOther = agentVersion !== instance.agentVersion;
      await database.instances.update(id, { agentVersion, ...(isOther && { agentFeatures: null }) });
    } catch (error) {
      log.info("The agent's version is not known anew", { instanceId: id, error: messageOf(error) });
    }
  });
}
