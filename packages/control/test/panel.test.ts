import assert from "node:assert/strict";
import test from "node:test";
import { withPanel } from "../src/panel.ts";

const route = (path: string) => ({ path, method: "GET", basePath: "/", handler: () => undefined });

/** A panel that answers everything but what is below `/other`, and an API of three services. */
const served = withPanel(
  {
    routes: [route("/compute/v2.1/servers/:id"), route("/session"), route("/openapi.json")],
    fetch: (_request, bindings) => new Response(`API for ${JSON.stringify(bindings)}`),
  },
  {
    answer: ({ url }) => (new URL(url).pathname.startsWith("/other") ? undefined : new Response("panel")),
  },
);

async function ask(path: string): Promise<string> {
  const response = await served.fetch(new Request(`http://127.0.0.1${path}`), { remoteAddress: "192.0.2.1" });
  return response.text();
}

const fromApi = 'API for {"remoteAddress":"192.0.2.1"}';

test("what begins as a path of the API does never gets a page", async () => {
  for (const path of ["/compute/v2.1/servers/1", "/compute", "/compute/nowhere", "/session", "/openapi.json"])
    assert.equal(await ask(path), fromApi, path);
});

test("pages come from the panel, and what it does not know is the API's", async () => {
  for (const path of ["/", "/servers/1", "/computers", "/servers"])
    assert.equal(await ask(path), "panel", path);
  assert.equal(await ask("/other"), fromApi);
});
