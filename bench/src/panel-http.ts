import { get, type IncomingMessage, request } from "node:http";

/** A cloud that runs (`e2e/panel/src/cloud-main.ts`). */
export interface PanelCloud {
  readonly url: string;
  /** Of user `demo`. */
  readonly password: string;
  /** Of the server that is renamed. */
  readonly serverId: string;
}

/** The page and all that it links to, as a browser loads it for the first time. */
export async function readFirstPage(
  url: string,
): Promise<{ readonly files: number; readonly bytes: number }> {
  const text = await (await fetch(url)).text();
  const linked = [...text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path = ""]) => path);
  const sizes = await Promise.all(["/", ...linked].map((path) => sizeOf(url + path)));
  return { files: sizes.length, bytes: sizes.reduce((sum, bytes) => sum + bytes, 0) };
}

/** `fetch` unpacks what it gets, and tells no size. */
function sizeOf(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const onResponse = (response: IncomingMessage): void => {
      let bytes = 0;
      response.on("data", (chunk: Buffer) => (bytes += chunk.length));
      response.once("end", () => resolve(bytes));
    };
    get(url, { headers: { "Accept-Encoding": "gzip, deflate, br" } }, onResponse).once("error", reject);
  });
}

/** A token of user `demo`. */
export async function requestToken({ url, password }: PanelCloud): Promise<string> {
  const domain = { id: "default" };
  const auth = {
    identity: { methods: ["password"], password: { user: { name: "demo", domain, password } } },
    scope: { project: { name: "demo", domain } },
  };
  const response = await fetch(`${url}/identity/v3/auth/tokens`, {
    method: "POST",
    body: JSON.stringify({ auth }),
  });
  return response.headers.get("x-subject-token") ?? "";
}

/** Gives the cloud's first server another name, and does not wait for the answer. */
export function renameServer(
  { url, serverId }: PanelCloud,
  { token, name }: { readonly token: string; readonly name: string },
): void {
  const outgoing = request(`${url}/compute/v2.1/servers/${serverId}`, {
    method: "PUT",
    headers: { "X-Auth-Token": token, "Content-Type": "application/json" },
  });
  outgoing.once("response", (response) => response.resume());
  // What comes of it is seen in the browser, or is missed there.
  outgoing.once("error", () => undefined);
  outgoing.end(JSON.stringify({ server: { name } }));
}
