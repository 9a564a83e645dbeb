// Carries out steps on this machine, for tests that put a process into namespaces of its own:
// node execute-steps.js ROOT <STEPS, where STEPS is JSON with texts for contents and passwords.
import { text } from "node:stream/consumers";
import { XenstoreError, encodeUtf8 } from "@nova-agent/xenstore";
import { AgentError } from "../../src/errors.ts";
import { createNodeSystem } from "../../src/hosts/node/index.ts";
import type { RunPythonStep, SimpleStep, Step, WriteFileStep } from "../../src/plan.ts";
import { Secret } from "../../src/secret.ts";
import { execute } from "../../src/system/executor.ts";

/** A step as JSON can say it. */
export type JsonStep =
  | (Omit<WriteFileStep, "content"> & { readonly content: string })
  | { readonly step: "setPassword"; readonly user: string; readonly password: string }
  | (Omit<RunPythonStep, "argv"> & { readonly argv: readonly [string, ...(string | JsonSecret)[]] })
  | Exclude<SimpleStep, { step: "writeFile" | "setPassword" | "runPython" }>;

/** A word that is a secret. */
export type JsonSecret = { readonly secret: string };

/** What becomes of them: done, or the message of the failure. */
export type StepsOutcome = { readonly failure: string | undefined };

const [root = "/"] = process.argv.slice(2);
const steps = (JSON.parse(await text(process.stdin)) as readonly JsonStep[]).map(toStep);
const system = createNodeSystem({
  connectXenstore: () => Promise.reject(new XenstoreError("ENOENT", "No XenStore here")),
  environment: process.env,
});
let outcome: StepsOutcome = { failure: undefined };
try {
  await execute({ steps, reply: { returncode: "0", message: "" } }, { system, root });
} catch (error) {
  if (!(error instanceof AgentError)) throw error;
  outcome = { failure: error.message };
}
process.stdout.write(JSON.stringify(outcome));

function toStep(step: JsonStep): Step {
  if (step.step === "writeFile") return { ...step, content: encodeUtf8(step.content) };
  if (step.step === "setPassword") return { ...step, password: new Secret(encodeUtf8(step.password)) };
  if (step.step === "runPython") {
    const [program, ...words] = step.argv;
    return { ...step, argv: [program, ...words.map(toWord)] };
  }
  return step;
}

function toWord(word: string | JsonSecret): string | Secret {
  return typeof word === "string" ? word : new Secret(encodeUtf8(word.secret));
}
