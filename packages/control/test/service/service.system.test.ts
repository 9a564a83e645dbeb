import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { get } from "node:https";
import { join } from "node:path";
import type { TestContext } from "node:test";
import {
  type Cleanup,
  pgliteInMemory,
  runChecked,
  systemTest,
  temporaryDirectory,
} from "@nova-agent/testbed";
import { Store } from "@nova-agent/xenstore";
import { listenXenstore, nodeClock } from "@nova-agent/xenstore/node";
import {
  parseServiceConfiguration,
  type ServiceConfiguration,
} from "../../src/service/configuration/service-configuration.ts";
import { startService } from "../../src/service/service.ts";

const log = { info: () => {}, warn: () => {}, error: () => {} };
const runProgram = async () => "[]";

systemTest(
  "the API is served by TLS to those who know the certificate that is configured",
  { needs: ["openssl"], timeoutMs: 60_000 },
  async (context) => {
    const { certificatePath, keyPath } = await makeCertificate(await temporaryDirectory(context));
    const settings = [`tls_certificate = ${certificatePath}`, `tls_key = ${keyPath}`];
    const service = await startService(await configurationFor(context, settings), { log, runProgram });
    context.after(() => service.close());

    assert.match(service.url, /^https:/);
    const url = `${service.url}/compute`;
    assert.match(await read(url, await readFile(certificatePath, "utf8")), /"href":"https:/);
    await assert.rejects(read(url), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
  },
);

systemTest(
  "the panel is at the API's address, unless it is switched off",
  { needs: [], timeoutMs: 60_000 },
  async (context) => {
    for (const [settings, status, type] of [
      [[], 200, "text/html; charset=utf-8"],
      [["panel = no"], 404, "application/json"],
    ] as const) {
      const service = await startService(await configurationFor(context, settings), { log, runProgram });
      context.after(() => service.close());
      const page = await fetch(service.url, { headers: { accept: "text/html" } });
      assert.deepEqual([page.status, page.headers.get("Content-Type")], [status, type]);
      assert.equal((await fetch(`${service.url}/compute`, { headers: { accept: "text/html" } })).status, 200);
    }
  },
);

systemTest(
  "a second service on the same state is refused in words, whatever its database, until the first ends",
  { needs: [], timeoutMs: 60_000 },
  async (context) => {
    const configuration = await configurationFor(context);
    const start = () => startService(configuration, { log, runProgram });
    const first = await start();
    context.after(() => first.close());
    const reason = new RegExp(`process ${process.pid} uses ${configuration.stateDirectory}`);
    await assert.rejects(start(), { code: "SERVICE_NOT_STARTED", message: reason });
    await first.close();
    const next = await start();
    await next.close();
  },
);

/** Of a host of its own, whose xl(1) knows no domain. */
async function configurationFor(
  context: TestContext,
  settings: readonly string[] = [],
): Promise<ServiceConfiguration> {
  const directory = await temporaryDirectory(context);
  const own = [
    `state_directory = ${join(directory, "state")}`,
    `xenstore = ${await xenstoreIn(join(directory, "sockets"), context)}`,
    "listen = 127.0.0.1:0",
    "monitoring_listen = none",
  ];
  const configuration = parseServiceConfiguration([...own, ...settings].join("\n"), "test.conf");
  return { ...configuration, database: pgliteInMemory() };
}

async function makeCertificate(directory: string): Promise<{
  readonly certificatePath: string;
  readonly keyPath: string;
}> {
  const [certificatePath, keyPath] = [join(directory, "certificate.pem"), join(directory, "key.pem")];
  const names = ["-subj", "/CN=cloud", "-addext", "subjectAltName=IP:127.0.0.1"];
  const files = ["-keyout", keyPath, "-out", certificatePath];
  const kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  await runChecked({ argv: ["openssl", "req", ...kind, ...names, ...files], timeoutMs: 30_000 });
  return { certificatePath, keyPath };
}

async function xenstoreIn(directory: string, cleanup: Cleanup): Promise<string> {
  await mkdir(directory, { mode: 0o700 });
  const server = await listenXenstore({ store: new Store(), clock: nodeClock, directory });
  cleanup.after(() => server.close());
  return server.socketPath;
}

function read(url: string, ca?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false, ...(ca !== undefined && { ca }) }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text += chunk));
      response.once("end", () => resolve(text));
    });
    request.once("error", reject);
  });
}
