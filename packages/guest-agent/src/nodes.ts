import { type XenstoreClient, XenstoreError } from "@nova-agent/xenstore";

/** Where the host writes its requests, relative to the guest's own path. */
export const REQUESTS_PATH = "data/host";

/** Where the guest writes its answers. */
export const ANSWERS_PATH = "data/guest";

/**
 * The names in a directory, none when it is missing, undefined when they are too many: the ring of an
 * oxenstored takes 4,096 bytes of them and has no way to ask for the rest.
 */
export async function listNames(
  client: Pick<XenstoreClient, "list">,
  path: string,
): Promise<string[] | undefined> {
  try {
    return (await passOverMissing(client.list(path))) ?? [];
  } catch (error) {
    if (error instanceof XenstoreError && error.code === "E2BIG") return undefined;
    throw error;
  }
}

/** Removes a node, unless it is gone already or somebody else's by now: then it is not ours to remove. */
export async function removeOwn(client: Pick<XenstoreClient, "remove">, path: string): Promise<void> {
  try {
    await client.remove(path);
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
}

/** Undefined instead of ENOENT: what should go is gone, what should be listed is not there. */
export async function passOverMissing<T>(operation: Promise<T>): Promise<T | undefined> {
  try {
    return await operation;
  } catch (error) {
    if (error instanceof XenstoreError && error.code === "ENOENT") return undefined;
    throw error;
  }
}

// These pass: the connection comes back, others finish their transactions.
const passingErrors: ReadonlySet<string> = new Set([
  "ECLOSED",
  "ETIMEDOUT",
  "EPROTO",
  "EAGAIN",
  "EBUSY",
  "EIO",
]);

/** Whether XenStore said no in a way that will not pass by itself. */
export function isRefusal(error: unknown): error is XenstoreError {
  return error instanceof XenstoreError && !passingErrors.has(error.code);
}
