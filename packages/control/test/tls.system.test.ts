import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { get } from "node:https";
import { join } from "node:path";
import {
  type Cleanup,
  pgliteInMemory,
  runChecked,
  systemTest,
  temporaryDirectory,
} from "@nova-agent/testbed";
import { Store } from "@nova-agent/xenstore";
import { listenXenstore, nodeClock } from "@nova-agent/xenstore/node";
import { parseServiceConfiguration } from "../src/configuration/service-configuration.ts";
import { startService } from "../src/service.ts";

const log = { info: () => {}, warn: () => {}, error: () => {} };

systemTest(
  "the API is served by TLS to those who know the certificate that is configured",
  { needs: ["openssl"], timeoutMs: 60_000 },
  async (context) => {
    const directory = await temporaryDirectory(context);
    const { certificatePath, keyPath } = await makeCertificate(directory);
    const settings = [
      `state_directory = ${join(directory, "state")}`,
      `xenstore = ${await xenstoreIn(join(directory, "sockets"), context)}`,
      "listen = 127.0.0.1:0",
      "monitoring_listen = none",
      `tls_certificate = ${certificatePath}`,
      `tls_key = ${keyPath}`,
    ];
    const configuration = parseServiceConfiguration(settings.join("\n"), "test.conf");
    const parts = { ...configuration, database: pgliteInMemory() };
    const service = await startService(parts, { log, runProgram: async () => "[]" });
    context.after(() => service.close());

    assert.match(service.url, /^https:/);
    const url = `${service.url}/compute`;
    assert.match(await read(url, await readFile(certificatePath, "utf8")), /"href":"https:/);
    await assert.rejects(read(url), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
  },
);

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
