import type { Argument, Option } from "./command.ts";

/** `-p, --permissions` or `--timeout <seconds>` */
export function optionTerm(option: Option): string {
  const short = "short" in option ? `-${option.short}, ` : "";
  const value = "value" in option ? ` <${option.value}>` : "";
  return `${short}--${option.name}${value}`;
}

/** `<guest>`, or `[path]` for one that can be left out. */
export function argumentTerm({ name, fallback }: Argument): string {
  return fallback === undefined ? `<${name}>` : `[${name}]`;
}
