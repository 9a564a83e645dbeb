import assert from "node:assert/strict";
import { AgentAnswers } from "@nova-agent/host/testing";
import { startCliHost } from "../support/cli-host.ts";
import { startOnTerminal } from "../support/pseudo-terminal.ts";
import type { ProcessTest } from "../support/guestctl.ts";

/** guestctl with a person at a terminal. */
export function terminalTests(test: ProcessTest): void {
  test("a password is asked for twice and never shown", async (context, guestctl) => {
    const agent = new AgentAnswers();
    const { socketPath } = await startCliHost(context, agent.answer);
    const session = startOnTerminal(guestctl, ["password", "5"], socketPath);
    context.after(async () => session.stop());
    await session.waitForText("New password: ");
    session.type("Hunter2x\u007f-€\r");
    await session.waitForText("The same again: ");
    session.type("Hunter2-€\r");
    assert.equal(await session.status, 0);
    assert.equal(session.shown(), "New password: \r\nThe same again: \r\nDomain 5 has the new password\r\n");
    assert.deepEqual(agent.passwords, ["Hunter2-€\n"]);
  });

  test("the terminal would show what is typed without the prompt", async (context, guestctl) => {
    const { socketPath } = await startCliHost(context);
    const session = startOnTerminal(guestctl, ["watch", "/demo"], socketPath);
    context.after(async () => session.stop());
    await session.waitForText("/demo");
    session.type("Hunter2\r");
    await session.waitForText("Hunter2");
  });

  test("two passwords that differ send nothing", async (context, guestctl) => {
    const { socketPath, guest } = await startCliHost(context);
    const session = startOnTerminal(guestctl, ["password", "5"], socketPath);
    context.after(async () => session.stop());
    await session.waitForText("New password: ");
    session.type("one\r");
    await session.waitForText("The same again: ");
    session.type("two\r");
    assert.equal(await session.status, 2);
    assert.match(session.shown(), /The two passwords differ; nothing was sent/);
    assert.deepEqual(guest.requests, []);
  });

  test("Ctrl-C at the prompt ends it, and the terminal echoes again", async (context, guestctl) => {
    const { socketPath, guest } = await startCliHost(context);
    const session = startOnTerminal(guestctl, ["password", "5;", "stty", "-a"], socketPath);
    context.after(async () => session.stop());
    await session.waitForText("New password: ");
    session.type("secret\u0003");
    assert.equal(await session.status, 0);
    assert.match(session.shown(), /guestctl: Interrupted before anything was sent/);
    assert.match(session.shown(), / echo /);
    assert.deepEqual(guest.requests, []);
  });

  test("what takes over a second shows its progress and wipes it", async (context, guestctl) => {
    const { socketPath, xenstore, guest } = await startCliHost(context, () => "take");
    const session = startOnTerminal(guestctl, ["reset-network", "5"], socketPath);
    context.after(async () => session.stop());
    await session.waitForText(
      'Domain 5: "resetnetwork" is taken by the guest, waiting for its answer (1 of 60 s)',
    );
    const id = guest.requests[0]?.id ?? "";
    await xenstore.write(`/local/domain/5/data/guest/${id}`, '{"returncode":"0","message":""}');
    assert.equal(await session.status, 0);
    assert.equal(session.shown().endsWith("\r\u001b[KDomain 5 has reset its network\r\n"), true);
  });
}
