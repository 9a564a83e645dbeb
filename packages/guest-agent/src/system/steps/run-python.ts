import { encodeUtf8 } from "@nova-agent/xenstore";
import type { RunPythonStep } from "../../plan.ts";
import { Secret, wipeableBytes } from "../../secret.ts";
import { runProgram } from "./program.ts";
import { isLive, type Prepared, type StepContext } from "./step.ts";

/**
 * What the interpreter gets as its argument: it reads the words, NUL behind each but the last, and goes
 * on as if it had been started with them. Python 2.4 of Enterprise Linux 5 and every one since takes it.
 */
const LOADER = [
  "import os, sys",
  'words = getattr(sys.stdin, "buffer", sys.stdin).read().split("\\0".encode("ascii"))',
  'sys.argv = [getattr(os, "fsdecode", str)(word) for word in words]',
  'if sys.path[:1] == [""]: sys.path[0] = os.path.dirname(sys.argv[0])',
  "__file__ = sys.argv[0]",
  'exec(compile(open(__file__, "rb").read(), __file__, "exec"))',
].join("\n");

/** Runs a Python program whose words hold secrets; under another root nothing runs. */
export function runPython(step: RunPythonStep, context: StepContext): Prepared | undefined {
  const [program] = step.argv;
  if (!isLive(context)) {
    context.log?.info("Program not run under another root", { program, root: context.root });
    return undefined;
  }
  return { undo: [], act: () => start(step, context) };
}

async function start(step: RunPythonStep, context: StepContext): Promise<void> {
  const { interpreter, argv, timeoutMs, failure } = step;
  const [program] = argv;
  const hidden = argv.flatMap((word) => (word instanceof Secret ? partsOf(word.reveal()) : []));
  const stdin = joinWords(argv);
  try {
    const call = { argv: [...interpreter, "-c", LOADER], stdin, timeoutMs } as const;
    await runProgram(call, { failure, hidden, program, context });
  } finally {
    stdin.fill(0);
  }
}

function joinWords(argv: RunPythonStep["argv"]): Uint8Array {
  const words = argv.map((word) => (word instanceof Secret ? word.reveal() : encodeUtf8(word)));
  const joined = wipeableBytes(words.reduce((total, word) => total + word.length + 1, -1));
  let at = 0;
  for (const word of words) {
    joined.set(word, at);
    at += word.length + 1;
  }
  return joined;
}

/** A secret, and where commas make it a list, each of its parts: servers complain about one of several keys. */
function partsOf(secret: Uint8Array): readonly Uint8Array[] {
  const parts: Uint8Array[] = [secret];
  for (let start = 0, end = 0; end <= secret.length; end += 1) {
    if (end < secret.length && secret[end] !== 0x2c) continue;
    parts.push(secret.subarray(start, end));
    start = end + 1;
  }
  return parts;
}
