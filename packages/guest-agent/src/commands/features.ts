import { answer, command, type Command, type Guest } from "./command.ts";

/** `features`: the names of the commands that work on this guest, with comma and without space. */
export function featuresOf(commands: readonly Command[]): Command {
  return command({
    name: "features",
    gather: async (guest) => [...(await listedNames(commands, guest)), "features"],
    plan: (_value, names) => answer(names.join(",")),
  });
}

async function listedNames(commands: readonly Command[], guest: Guest): Promise<string[]> {
  const isListed = await Promise.all(commands.map((command) => command.isListed(guest)));
  return commands.filter((_command, index) => isListed[index]).map((command) => command.name);
}
