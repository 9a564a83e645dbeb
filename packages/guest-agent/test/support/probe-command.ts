import { answer, type Command, command } from "../../src/commands/command.ts";
import { commands } from "../../src/commands/index.ts";
import type { Plan } from "../../src/plan.ts";
import type { RequestValue } from "../../src/protocol/request.ts";

/** A command for tests that counts its calls and does what the test says. */
export interface Probe {
  /** The values it was called with, in order. */
  readonly values: RequestValue[];
  /** All commands and this one, named `probe`. */
  readonly commands: ReadonlyMap<string, Command>;
}

/** A probe that answers with its value (JSON when it is no text), after what `act` does. */
export function createProbe(
  act: (value: RequestValue) => Plan | void | Promise<void> = () => undefined,
  failureCode = "500",
): Probe {
  const values: RequestValue[] = [];
  const probe: Command = {
    ...command({ name: "probe", failureCode, gather: () => Promise.resolve(), plan: () => answer("") }),
    decide: async (value) => {
      values.push(value);
      return (await act(value)) ?? answer(typeof value === "string" ? value : JSON.stringify(value ?? null));
    },
  };
  return { values, commands: new Map([...commands, ["probe", probe]]) };
}
