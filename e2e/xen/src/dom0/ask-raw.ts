import { randomUUID } from "node:crypto";
import { REPLY_TIMEOUT_MS } from "../limits.ts";
import type { World } from "./world.ts";

/** What the agent answered, as it is in XenStore. */
export interface RawReply {
  readonly returncode: string;
  readonly message: string;
}

/** Puts any bytes where the agent looks for a request, as a faulty host might, and reads the answer. */
export async function askRaw(
  { guest, xenstore }: World,
  bytes: Uint8Array,
  { leavesAnswer = false }: { readonly leavesAnswer?: boolean } = {},
): Promise<RawReply> {
  const id = randomUUID();
  const path = `${guest.path}/data/guest/${id}`;
  const watch = xenstore.watch(path);
  const timer = setTimeout(() => void watch.close(), REPLY_TIMEOUT_MS);
  try {
    await watch.ready;
    await xenstore.write(`${guest.path}/data/host/${id}`, bytes);
    for await (const _event of watch) {
      if (!(await xenstore.exists(path))) continue;
      const reply = JSON.parse(await xenstore.readText(path)) as RawReply;
      if (!leavesAnswer) await xenstore.remove(path);
      return reply;
    }
    throw new Error(
      `No answer within ${REPLY_TIMEOUT_MS} ms to ${JSON.stringify(Buffer.from(bytes).toString())}`,
    );
  } finally {
    clearTimeout(timer);
    await watch.close();
  }
}
