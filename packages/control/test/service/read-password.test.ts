import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import test from "node:test";
import { ControlError } from "../../src/errors.ts";
import { readPassword } from "../../src/service/read-password.ts";

/** What is asked, and what becomes of this input. */
function read(text: string, isTTY: boolean) {
  const prompts: string[] = [];
  const input = Object.assign(new PassThrough(), { isTTY });
  const password = readPassword(input, (prompt) => void prompts.push(prompt));
  input.write(text);
  return { input, prompts, password };
}

test("the first line of a pipe is the password, and nothing is asked", async () => {
  const { input, prompts, password } = read("correct horse\nmore\n", false);
  input.end();
  assert.equal(await password, "correct horse");
  assert.deepEqual(prompts, []);
});

test("at a terminal it is asked for twice, and never shown", async () => {
  const { prompts, password } = read("correct horse\rcorrect horse\r", true);
  assert.equal(await password, "correct horse");
  assert.deepEqual(prompts, ["Password: ", "\n", "The same again: ", "\n"]);
});

for (const [what, text, isTTY, words] of [
  ["two passwords", "correct horse\rcorrect house\r", true, /two passwords/],
  ["Ctrl-C", "corr\u0003", true, /no password/],
  ["an empty pipe", "", false, /no password/],
  ["a short one", "short\n", false, /less than 8/],
  ["a long one", `${"x".repeat(1025)}\n`, false, /more than 1024/],
] as const) {
  test(`${what} is refused, and the password is not in the reason`, async () => {
    const { input, password } = read(text, isTTY);
    if (!isTTY) input.end();
    await assert.rejects(
      password,
      (error) =>
        error instanceof ControlError &&
        error.code === "COMMAND_FAILED" &&
        words.test(error.message) &&
        !error.message.includes("short"),
    );
  });
}
