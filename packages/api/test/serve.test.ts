import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { request } from "node:http";
import test from "node:test";
import { isLoopback, serve } from "../src/serve.ts";

const echo = {
  fetch: (_request: Request, { remoteAddress }: { readonly remoteAddress?: string | undefined }): Response =>
    Response.json({ remoteAddress }),
};

test("a request reaches the API with the peer's address", async (t) => {
  const server = await serve({ api: echo, port: 0, hasDemoCredentials: true });
  t.after(() => server.close());
  assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+$/u);
  assert.deepEqual(await (await fetch(server.url)).json(), { remoteAddress: "127.0.0.1" });
});

test("demo credentials keep it from listening beyond loopback", async () => {
  for (const host of ["0.0.0.0", "::", "192.0.2.1", "127.0.0.1.example.org"]) {
    await assert.rejects(serve({ api: echo, host, port: 0, hasDemoCredentials: true }), RangeError, host);
  }
  assert.deepEqual(["127.0.0.1", "127.1.2.3", "::1", "::ffff:192.0.2.1"].map(isLoopback), [
    true,
    true,
    true,
    false,
  ]);
});

test("closing lets a request end that is under way, and takes no more", async () => {
  const bells = new EventEmitter();
  const arrived = once(bells, "arrived");
  const slow = {
    fetch: async (): Promise<Response> => {
      const released = once(bells, "released");
      bells.emit("arrived");
      await released;
      return new Response("done");
    },
  };
  const server = await serve({ api: slow, port: 0, hasDemoCredentials: false });
  const answer = fetch(server.url).then((response) => response.text());
  await arrived;
  const closed = Promise.all([server.close(), server.close()]);
  bells.emit("released");
  assert.equal(await answer, "done");
  await closed;
  await assert.rejects(fetch(server.url));
});

test("a port that is taken is an error of the call", async (t) => {
  const server = await serve({ api: echo, port: 0, hasDemoCredentials: false });
  t.after(() => server.close());
  await assert.rejects(serve({ api: echo, port: server.port, hasDemoCredentials: false }), {
    code: "EADDRINUSE",
  });
});

test("an idle connection that is kept open does not hold closing up", async () => {
  const server = await serve({ api: echo, port: 0, hasDemoCredentials: false });
  await new Promise<void>((resolve, reject) => {
    const call = request(server.url, { headers: { connection: "keep-alive" } }, (response) => {
      response.resume().once("end", resolve);
    });
    call.once("error", reject).end();
  });
  await server.close();
});
