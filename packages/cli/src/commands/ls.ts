import { decodeUtf8, encodeBase64, encodePermission } from "@nova-agent/xenstore";
import type { Command } from "../command-line/command.ts";
import { SHOWN_VALUE_CHARACTERS } from "../limits.ts";
import { quoteValue } from "../text/escape.ts";
import { type TreeNode, walkTree } from "../tree.ts";

/** `guestctl ls [PATH]` */
export const lsCommand: Command = {
  name: "ls",
  summary: "print the tree of XenStore",
  description: "Prints the tree of XenStore at a path. Long values are cut unless --json.",
  arguments: [{ name: "path", description: "path in XenStore", fallback: "/" }],
  options: [{ name: "permissions", short: "p", description: "print the permissions too" }],
  run: (given, cli) =>
    cli.withXenstore(async (xenstore) => {
      const [path, withPermissions] = [given.word("path"), given.has("permissions")];
      const nodes: unknown[] = [];
      for await (const node of walkTree(xenstore, { path, withPermissions, signal: cli.signal })) {
        if (cli.isJson) nodes.push(viewNode(node));
        else cli.print({ json: undefined, text: renderNode(node) });
      }
      if (cli.isJson) cli.print({ json: { path, nodes }, text: "" });
    }),
};

function viewNode(node: TreeNode): unknown {
  const value = decodeUtf8(node.value);
  return {
    path: node.path,
    value: value ?? null,
    ...(value === undefined ? { valueBase64: encodeBase64(node.value) } : {}),
    ...(node.permissions === undefined ? {} : { permissions: node.permissions.map(encodePermission) }),
  };
}

function renderNode(node: TreeNode): string {
  const name = node.depth === 0 ? node.path : node.path.slice(node.path.lastIndexOf("/") + 1);
  const value = quoteValue(node.value);
  const isLong = value.length > SHOWN_VALUE_CHARACTERS;
  const shown = isLong ? `${value.slice(0, SHOWN_VALUE_CHARACTERS)}…"` : value;
  const permissions = node.permissions?.map(encodePermission).join(",");
  const suffix = permissions === undefined ? "" : `   (${permissions})`;
  return `${" ".repeat(node.depth)}${name} = ${shown}${suffix}`;
}
