import { decodeUtf8 } from "@nova-agent/xenstore";
import { flatSteps, type Plan, type SimpleStep } from "../plan.ts";
import { printable } from "../printable.ts";
import type { Reply } from "../protocol/reply.ts";
import type { Secret } from "../secret.ts";

/** What a plan is shown against. */
export interface RenderOptions {
  /** The present content of a file; undefined when there is none. Without it files are shown whole. */
  readonly current?: (path: string) => Uint8Array | undefined;
}

/** Unchanged lines shown around those that change. */
const CONTEXT_LINES = 3;

/**
 * A plan as text for people, a step an entry: files as the lines that would change, programs as their
 * arguments, passwords never.
 */
export function renderPlan(plan: Plan, options: RenderOptions = {}): string {
  const steps = flatSteps(plan.steps).map((step) => `${renderStep(step, options)}\n`);
  return steps.join("") + renderAnswer(plan.reply);
}

/** An answer as text for people. */
export function renderAnswer({ returncode, message }: Reply): string {
  return `answer ${returncode}${message === "" ? "" : ` ${printable(message)}`}\n`;
}

type Render<Kind extends SimpleStep> = (step: Kind, options: RenderOptions) => string;

const renderers: { readonly [Kind in SimpleStep["step"]]: Render<Extract<SimpleStep, { step: Kind }>> } = {
  writeFile: (step, options) => {
    const mode = `mode 0${step.mode.toString(8)} if new`;
    const backup = step.backup ? ", with a backup" : "";
    return [`write ${printable(step.path)} (${mode}${backup})`, ...renderContent(step, options)].join("\n");
  },
  removeFile: ({ path, backup }) => `remove ${printable(path)}${backup ? " (with a backup)" : ""}`,
  makeLink: ({ path, target }) => `link ${printable(path)} to ${printable(target)}`,
  run: ({ argv, undo, timeoutMs }) => {
    const takenBack = undo === undefined ? "" : `, taken back by ${renderArgv(undo)}`;
    return `run ${renderArgv(argv)} (at most ${timeoutMs / 1000} s${takenBack})`;
  },
  whenTakenBack: ({ argv, timeoutMs }) =>
    `if taken back, run ${renderArgv(argv)} (at most ${timeoutMs / 1000} s)`,
  setHostname: ({ hostname }) => `set host name ${printable(hostname)}`,
  runPython: ({ argv, timeoutMs }) =>
    `run ${renderArgv(argv)} (at most ${timeoutMs / 1000} s, its words through standard input)`,
  resetPassword: ({ user, password }) =>
    `set password of ${printable(user)} in /etc/shadow to ${password.toString()}, and open the account`,
  setPassword: ({ user, password }) => `set password of ${printable(user)} to ${password.toString()}`,
};

function renderStep(step: SimpleStep, options: RenderOptions): string {
  // The table pairs every kind with the renderer of that very kind, which the type of a lookup cannot say.
  const render = renderers[step.step] as Render<SimpleStep>;
  return render(step, options);
}

function renderContent(
  { path, content }: { readonly path: string; readonly content: Uint8Array },
  { current }: RenderOptions,
): readonly string[] {
  const old = current?.(path);
  const oldText = old === undefined ? "" : decodeUtf8(old);
  const text = decodeUtf8(content);
  if (text === undefined || oldText === undefined) return [`  ${content.length} bytes that are not text`];
  if (old !== undefined && oldText === text) return ["  is so already"];
  return renderDifference(linesOf(oldText), linesOf(text));
}

/** The lines between the common start and the common end, with a few around them. */
function renderDifference(old: readonly string[], wanted: readonly string[]): readonly string[] {
  const shorter = Math.min(old.length, wanted.length);
  let start = 0;
  while (start < shorter && old[start] === wanted[start]) start += 1;
  let end = 0;
  while (end < shorter - start && old.at(-1 - end) === wanted.at(-1 - end)) end += 1;
  const from = Math.max(start - CONTEXT_LINES, 0);
  return [
    ...(from > 0 ? [`  @@ line ${from + 1} @@`] : []),
    ...marked(" ", old.slice(from, start)),
    ...marked("-", old.slice(start, old.length - end)),
    ...marked("+", wanted.slice(start, wanted.length - end)),
    ...marked(" ", wanted.slice(wanted.length - end, wanted.length - end + CONTEXT_LINES)),
  ];
}

function marked(mark: string, lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${mark}${printable(line)}`);
}

// A last line without its line feed differs from one with it.
function linesOf(text: string): readonly string[] {
  if (text === "") return [];
  const lines = text.split("\n");
  return lines.at(-1) === "" ? lines.slice(0, -1) : [...lines.slice(0, -1), `${lines.at(-1)} [no line feed]`];
}

function renderArgv(argv: readonly (string | Secret)[]): string {
  return argv.map((word) => (typeof word === "string" ? renderWord(word) : word.toString())).join(" ");
}

function renderWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word);
}
