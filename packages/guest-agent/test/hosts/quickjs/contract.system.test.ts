import { fileURLToPath } from "node:url";
import { systemTest } from "@nova-agent/testbed";
import { runOnEngine } from "@nova-agent/testbed/engine-tests";

const program = fileURLToPath(new URL("contract-program.js", import.meta.url));

systemTest(
  "what the static agent does with files and programs passes the same contract as Node's",
  { needs: ["musl-gcc", "root", "attr"], timeoutMs: 300_000 },
  (context) => runOnEngine(context, { files: [program], testsMin: 35 }),
);
