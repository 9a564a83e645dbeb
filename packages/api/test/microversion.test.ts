import assert from "node:assert/strict";
import test from "node:test";
import { ApiError } from "../src/errors.ts";
import { parseMicroversion } from "../src/microversion.ts";
import { route } from "../src/route.ts";
import { testApp } from "./support/test-app.ts";

const nova = "X-OpenStack-Nova-API-Version";
const common = "OpenStack-API-Version";

test("the version is that of the common header, then Nova's own, then 2.1", () => {
  const table: readonly [Record<string, string>, number][] = [
    [{}, 1],
    [{ [nova]: "2.73" }, 73],
    [{ [common]: "compute 2.90" }, 90],
    [{ [common]: "compute 2.8", [nova]: "2.61" }, 8],
    [{ [common]: "placement 1.30, compute 2.47" }, 47],
    [{ [common]: "placement 1.30", [nova]: "2.61" }, 61],
    [{ [common]: "COMPUTE latest" }, 90],
    [{ [nova]: "latest" }, 90],
  ];
  for (const [headers, minor] of table) {
    assert.equal(parseMicroversion(new Headers(headers)), minor, JSON.stringify(headers));
  }
});

test("a version that is not offered is refused in Nova's words, and what is none is a bad request", () => {
  const table: readonly [string, string][] = [
    ["2.91", "VERSION_UNSUPPORTED"],
    ["2.0", "VERSION_UNSUPPORTED"],
    ["3.1", "VERSION_UNSUPPORTED"],
    ["2", "BAD_REQUEST"],
    ["2.01", "BAD_REQUEST"],
    ["two", "BAD_REQUEST"],
    ["2.1.1", "BAD_REQUEST"],
  ];
  for (const [version, code] of table) {
    assert.throws(
      () => parseMicroversion(new Headers({ [nova]: version })),
      (error) => error instanceof ApiError && error.code === code,
      version,
    );
  }
  assert.throws(() => parseMicroversion(new Headers({ [nova]: "2.91" })), {
    message: "Version 2.91 is not supported by the API. Minimum is 2.1 and maximum is 2.90.",
  });
});

test("the answer says which version it is of, in both headers", async () => {
  const { app } = testApp([
    route({ name: "x", method: "GET", path: "/x", summary: "X", role: "reader", handle: () => ({}) }),
  ]);
  const ask = (version: string): Response | Promise<Response> =>
    app.request("/compute/x", { headers: { "X-Auth-Token": "reader", [common]: `compute ${version}` } });
  const { headers } = await ask("2.73");
  assert.equal(headers.get(common), "compute 2.73");
  assert.equal(headers.get(nova), "2.73");
  assert.match(headers.get("vary") ?? "", /OpenStack-API-Version/u);
  const refused = await ask("2.99");
  assert.equal(refused.status, 406);
  assert.match(
    await refused.text(),
    /^\{"computeFault":\{"code":406,"message":"Version 2\.99 is not supported/u,
  );
});
