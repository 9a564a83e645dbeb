import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { get } from "node:https";
import { join } from "node:path";
import { serve } from "@nova-agent/api";
import { runChecked, systemTest, temporaryDirectory } from "@nova-agent/testbed";

systemTest(
  "the API is served by TLS to those who know its certificate",
  { needs: ["openssl"] },
  async (context) => {
    const directory = await temporaryDirectory(context);
    const [certificatePath, keyPath] = [join(directory, "certificate.pem"), join(directory, "key.pem")];
    const names = ["-subj", "/CN=cloud", "-addext", "subjectAltName=IP:127.0.0.1"];
    const files = ["-keyout", keyPath, "-out", certificatePath];
    const kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    await runChecked({ argv: ["openssl", "req", ...kind, ...names, ...files], timeoutMs: 30_000 });
    const certificate = await readFile(certificatePath, "utf8");
    const api = { fetch: (request: Request) => new Response(new URL(request.url).protocol) };
    const tls = { certificate, key: await readFile(keyPath, "utf8") };
    const server = await serve({ api, port: 0, tls, hasDemoCredentials: false });
    context.after(() => server.close());

    assert.match(server.url, /^https:/);
    assert.equal(await read(server.url, certificate), "https:");
    await assert.rejects(read(server.url), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
  },
);

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
