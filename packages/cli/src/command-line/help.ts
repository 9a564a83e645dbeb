import type { Command, Option } from "./command.ts";
import type { Known } from "./read-command-line.ts";
import { argumentTerm, optionTerm } from "./terms.ts";

/** Columns of the longest line of a description. */
const HELP_WIDTH = 100;

/** Term and description of one line. */
type Row = readonly [string, string];

interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
}

/** What `guestctl --help` prints, with an epilogue that is printed as it is. */
export function renderHelp(
  { commands, options }: Known,
  { description, epilogue }: { readonly description: string; readonly epilogue: string },
): string {
  const body = renderSections([
    { title: "Options", rows: options.map(optionRow) },
    { title: "Commands", rows: commands.map(({ name, summary }) => [name, summary]) },
  ]);
  return `Usage: guestctl [options] [command]\n\n${wrap(description)}\n\n${body}\n${epilogue}\n`;
}

/** What `guestctl GROUP --help` prints, of the commands whose names begin with that word. */
export function renderGroupHelp(group: string, { commands, options }: Known): string {
  const members = commands.filter(({ name }) => name.startsWith(`${group} `));
  const body = renderSections([
    { title: "Commands", rows: members.map(({ name, summary }) => [name, summary]) },
    { title: "Global Options", rows: options.map(optionRow) },
  ]);
  return `Usage: guestctl ${group} <command>\n\n${body}`;
}

/** What `guestctl COMMAND --help` prints. */
export function renderCommandHelp(command: Command, global: readonly Option[]): string {
  const { name, description, arguments: words = [], options = [] } = command;
  const usage = ["guestctl", name, "[options]", ...words.map(argumentTerm)].join(" ");
  const body = renderSections([
    { title: "Arguments", rows: words.map(argumentRow) },
    { title: "Options", rows: [...options, ...global.filter(isHelp)].map(optionRow) },
    { title: "Global Options", rows: global.filter((option) => !isHelp(option)).map(optionRow) },
  ]);
  return `Usage: ${usage}\n\n${wrap(description)}\n\n${body}`;
}

function isHelp({ name }: Option): boolean {
  return name === "help";
}

function optionRow(option: Option): Row {
  return [optionTerm(option), option.description];
}

function argumentRow({
  name,
  description,
  fallback,
}: {
  readonly name: string;
  readonly description: string;
  readonly fallback?: string;
}): Row {
  const suffix = fallback === undefined || fallback === "" ? "" : ` (default: ${JSON.stringify(fallback)})`;
  return [name, `${description}${suffix}`];
}

function renderSections(sections: readonly Section[]): string {
  const width = Math.max(...sections.flatMap(({ rows }) => rows.map(([term]) => term.length)));
  const render = ([term, description]: Row): string => `  ${term.padEnd(width)}  ${description}\n`;
  return sections
    .filter(({ rows }) => rows.length > 0)
    .map(({ title, rows }) => `${title}:\n${rows.map(render).join("")}`)
    .join("\n");
}

function wrap(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > HELP_WIDTH) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines.join("\n");
}
