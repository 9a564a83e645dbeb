import { decodeUtf8, encodeBase64, encodeUtf8 } from "@nova-agent/xenstore";
import { HostError } from "../errors.ts";
import type { GuestRequest } from "./request.ts";

/** A file for the guest. */
export interface FileToInject {
  /** Absolute: `/etc/motd`, or `C:\motd.txt` on Windows. */
  readonly path: string;
  readonly content: Uint8Array;
}

/** The command an agent takes files with. */
export type InjectionCommand = "file_inject" | "injectfile";

/** Throws BAD_ARGUMENT when no agent could take the path. */
export function assertInjectable(file: FileToInject): void {
  const isAbsolute = /^(\/[^/]|[A-Za-z]:\\.)/.test(file.path);
  if (isAbsolute && !file.path.includes("\0") && !/[/\\]$/.test(file.path)) return;
  throw new HostError(
    "BAD_ARGUMENT",
    `Path ${JSON.stringify(file.path)} in the guest is not the absolute path of a file`,
  );
}

/**
 * The request that carries `file` to an agent with these features: `file_inject` where it is listed,
 * else `injectfile` (nova, agent.py, inject_file). Throws GUEST_UNSUPPORTED when there is neither, and
 * BAD_ARGUMENT for what `injectfile` cannot carry.
 */
export function injectionRequest(
  file: FileToInject,
  context: { readonly domid: number; readonly features: readonly string[]; readonly allowBinary?: boolean },
): GuestRequest & { readonly name: InjectionCommand } {
  const { domid, features } = context;
  if (features.includes("file_inject")) {
    const value = { b64_path: encodeBase64(encodeUtf8(file.path)), b64_file: encodeBase64(file.content) };
    return { name: "file_inject", value };
  }
  if (!features.includes("injectfile")) {
    throw new HostError("GUEST_UNSUPPORTED", `The agent of domain ${domid} does not offer file injection`, {
      domid,
    });
  }
  assertFitsOldCommand(file, context);
  const prefix = encodeUtf8(`${file.path},`);
  return { name: "injectfile", value: encodeBase64(Uint8Array.from([...prefix, ...file.content])) };
}

/** `injectfile` splits at the first comma, and the Python agent ends when the content is not UTF-8. */
function assertFitsOldCommand(
  file: FileToInject,
  context: { readonly domid: number; readonly allowBinary?: boolean },
): void {
  const facts = { domid: context.domid, command: "injectfile" };
  if (file.path.includes(",")) {
    const reason = `which the agent of domain ${context.domid} cannot take (it offers injectfile only)`;
    throw new HostError("BAD_ARGUMENT", `Path ${JSON.stringify(file.path)} holds a comma, ${reason}`, facts);
  }
  if (context.allowBinary !== true && decodeUtf8(file.content) === undefined) {
    throw new HostError(
      "BAD_ARGUMENT",
      `The file is not UTF-8 text, which stops some agents that offer injectfile only, as that of domain ` +
        `${context.domid} does. Allow binary content if this agent takes it`,
      facts,
    );
  }
}
