import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { XenstoreClient } from "@nova-agent/xenstore";
import { connectUnix, listenXenstore, nodeClock } from "@nova-agent/xenstore/node";
import { Store } from "@nova-agent/xenstore";

const DOMID = 1;
const HOME = `/local/domain/${DOMID}`;
const REQUEST = "3a4b0ec8-7d46-4f2e-9a51-0f6b8f1f2c55";

/**
 * Serves XenStore in a folder, for a guest whose connection is `guest` there. The function asks the
 * guest's agent for its version and resolves with the answer's message.
 */
export async function withServedXenstore(
  directory: string,
  body: (askVersion: () => Promise<string>) => Promise<void>,
): Promise<void> {
  const server = await listenXenstore({ store: new Store(), clock: nodeClock, directory });
  const client = await XenstoreClient.open({ connect: connectUnix(server.socketPath), clock: nodeClock });
  try {
    await client.introduce({ domid: DOMID, gfn: 1, port: 1 });
    await symlink(`dom${DOMID}.sock`, join(directory, "guest"));
    await client.makeDirectory(`${HOME}/data`);
    await client.setPermissions(`${HOME}/data`, [{ domid: DOMID, read: false, write: false }]);
    await body(() => askVersion(client));
  } finally {
    await client.close();
    await server.close();
  }
}

async function askVersion(client: XenstoreClient): Promise<string> {
  await client.write(`${HOME}/data/host/${REQUEST}`, '{"name":"version","value":"agent"}');
  const reply = `${HOME}/data/guest/${REQUEST}`;
  for await (const _event of client.watch(reply)) {
    if (await client.exists(reply)) break;
  }
  const { message } = JSON.parse(await client.readText(reply)) as { readonly message: string };
  return message;
}
