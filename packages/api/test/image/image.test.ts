import assert from "node:assert/strict";
import test, { after } from "node:test";
import { startCloud } from "../support/cloud.ts";

const { app, get } = await startCloud(after);

async function list(
  query: string,
): Promise<{ readonly ids: readonly string[]; readonly next: string | undefined }> {
  const response = await get(`/image/v2/images${query}`);
  assert.equal(response.status, 200, await response.clone().text());
  const { images, next } = (await response.json()) as { images: { id: string }[]; next?: string };
  return { ids: images.map(({ id }) => id).sort(), next };
}

test("the versions are told without a token, the images are not", async () => {
  const response = await app.request("/image");
  assert.equal(response.status, 300);
  assert.deepEqual(await response.json(), {
    versions: [
      { id: "v2.9", status: "CURRENT", links: [{ rel: "self", href: "http://localhost/image/v2/" }] },
    ],
  });
  assert.equal((await app.request("/image/v2/images")).status, 401);
});

test("images are found by name and by ids", async () => {
  assert.deepEqual((await list("")).ids, ["i-1", "i-2", "i-3"]);
  assert.deepEqual((await list("?name=debian-12")).ids, ["i-1", "i-3"]);
  assert.deepEqual((await list("?name=debian")).ids, []);
  assert.deepEqual((await list("?id=in:i-1,i-2")).ids, ["i-1", "i-2"]);
  assert.deepEqual((await list("?os_hidden=True&name=alma-9")).ids, []);
});

test("the pages of a list hold each image once", async () => {
  const seen: string[] = [];
  let next: string | undefined = "/v2/images?limit=2";
  while (next !== undefined) {
    const page = await list(next.replace("/v2/images", ""));
    assert.ok(page.ids.length <= 2);
    seen.push(...page.ids);
    next = page.next;
  }
  assert.deepEqual(seen.sort(), ["i-1", "i-2", "i-3"]);
  assert.equal((await get("/image/v2/images?marker=nothing")).status, 400);
  assert.equal((await get("/image/v2/images?limit=many")).status, 400);
});

test("an image is shown by id without its place on the host, and 404 by name", async () => {
  const response = await get("/image/v2/images/i-1");
  const text = await response.text();
  const image = JSON.parse(text) as Record<string, unknown>;
  assert.equal(image["name"], "debian-12");
  assert.equal(image["status"], "active");
  assert.equal(image["created_at"], "2025-12-01T00:00:00Z");
  assert.doesNotMatch(text, /secret-place/u);
  assert.equal((await get("/image/v2/images/debian-12")).status, 404);
});
