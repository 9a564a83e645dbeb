import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildProgram, muslToolchain } from "@nova-agent/quickjs/build";
import { repositoryRoot, runProgram, systemTest, temporaryDirectory } from "@nova-agent/testbed";

const EX_SOFTWARE = 70;

const faults = [
  ["waits for what never comes", "stuck-program.js", /nothing is left to wait for, and it is not done/],
  ["rejects where nobody listens", "throwing-program.js", /TypeError: unheard/],
] as const;

for (const [name, file, words] of faults) {
  systemTest(`a program that ${name} says so and fails`, { needs: ["musl-gcc"] }, async (context) => {
    const output = join(await temporaryDirectory(context), "program");
    const cache = join(repositoryRoot(), ".cache/engines");
    const entry = fileURLToPath(new URL(file, import.meta.url));
    await buildProgram({ entry, output, cache, toolchain: muslToolchain });
    const { status, stderr } = await runProgram({ argv: [output], timeoutMs: 20_000 });
    assert.equal(status, EX_SOFTWARE);
    assert.match(stderr, words);
  });
}
