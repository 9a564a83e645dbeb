import type { InstanceFilter } from "../ports/repositories.ts";
import type { Instance } from "./instance.ts";
import type { InstanceContext } from "./instance-context.ts";

/** How many instances are read at a time. */
const PAGE_LENGTH = 500;

/** Every instance of a kind, however many there are. */
export async function allInstances(
  { database }: { readonly database: Pick<InstanceContext["database"], "instances"> },
  filter: Pick<InstanceFilter, "vmStates">,
): Promise<readonly Instance[]> {
  const found: Instance[] = [];
  for (;;) {
    const marker = found.at(-1)?.id;
    const page = await database.instances.list({
      ...filter,
      marker,
      limit: PAGE_LENGTH,
      // The creation never changes, so that nothing moves from one page to another meanwhile.
      sort: [{ key: "createdAt", direction: "asc" }],
    });
    found.push(...page);
    if (page.length < PAGE_LENGTH) return found;
  }
}
