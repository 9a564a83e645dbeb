import { waitFor } from "@nova-agent/testbed";
import type { ApiCaller } from "../api-caller.ts";
import { BUILD_TIMEOUT_MS } from "../limits.ts";

/** What is read of a server (nova api-ref, servers). */
interface ServerBody {
  readonly id: string;
  readonly name: string;
  readonly status: string;
}

const NAMES = ["web-1", "web-2", "db-1"] as const;
const STOPPED = "web-2";

/** Gives the demo some servers and one of them some history; resolves to that one's id. */
export async function prepareServers(call: ApiCaller): Promise<string> {
  const ids = new Map<string, string>();
  for (const name of NAMES) ids.set(name, await build(call, name));
  const idOf = (name: string) => ids.get(name) ?? "";
  await act(call, idOf("web-1"), { changePassword: { adminPass: "correct horse battery staple" } });
  await act(call, idOf("web-1"), { reboot: { type: "SOFT" } });
  await act(call, idOf(STOPPED), { "os-stop": null });
  await untilStatus(call, idOf("web-1"), "ACTIVE");
  await untilStatus(call, idOf(STOPPED), "SHUTOFF");
  return idOf("web-1");
}

async function build(call: ApiCaller, name: string): Promise<string> {
  const [imageRef, flavorRef, network] = [
    await idIn(call, "/image/v2/images", { list: "images", name: "debian" }),
    await idIn(call, "/compute/v2.1/flavors", { list: "flavors", name: "demo.small" }),
    await idIn(call, "/network/v2.0/networks", { list: "networks", name: "private" }),
  ];
  const server = { name, imageRef, flavorRef, networks: [{ uuid: network }] };
  const { server: made } = (await call("POST", "/compute/v2.1/servers", { server })) as {
    readonly server: { readonly id: string };
  };
  await untilStatus(call, made.id, "ACTIVE");
  return made.id;
}

async function idIn(
  call: ApiCaller,
  path: string,
  { list, name }: { readonly list: string; readonly name: string },
): Promise<string> {
  const body = (await call("GET", path)) as Readonly<Record<string, readonly ServerBody[]>>;
  const found = body[list]?.find((item) => item.name === name);
  if (found === undefined) throw new Error(`There is no ${name} at ${path}`);
  return found.id;
}

async function act(call: ApiCaller, id: string, action: object): Promise<void> {
  await call("POST", `/compute/v2.1/servers/${id}/action`, action);
  await waitFor(async () => (await taskOf(call, id)) === null, {
    what: "end of the action",
    timeoutMs: BUILD_TIMEOUT_MS,
  });
}

async function taskOf(call: ApiCaller, id: string): Promise<string | null> {
  const { server } = (await call("GET", `/compute/v2.1/servers/${id}`)) as {
    readonly server: { readonly "OS-EXT-STS:task_state": string | null };
  };
  return server["OS-EXT-STS:task_state"];
}

async function untilStatus(call: ApiCaller, id: string, wanted: string): Promise<void> {
  const isThere = async (): Promise<boolean> => {
    const { server } = (await call("GET", `/compute/v2.1/servers/${id}`)) as { readonly server: ServerBody };
    if (server.status === "ERROR") throw new Error(`${server.name} has failed`);
    return server.status === wanted;
  };
  await waitFor(isThere, { what: `server that is ${wanted}`, timeoutMs: BUILD_TIMEOUT_MS });
}
