import { spawn } from "node:child_process";
import { mkdir, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Enclosure, EnclosureOptions } from "./enclosure.ts";
import { RESCUED_TREE } from "./guest-files.ts";
import { PLAIN_ENVIRONMENT } from "./program.ts";
import { hideVif, showVif } from "./sysfs.ts";
import { furnishTree } from "./tree.ts";

const KEEPER = fileURLToPath(new URL("keeper.js", import.meta.url));

/** Takes the guest's tree of files and nothing else: the agent keeps to it by its `--root`. */
export async function openRootTree(options: EnclosureOptions): Promise<Enclosure> {
  const { tree, rescuedTree, vifs, agent, socketPath } = options;
  const machine = { shared: [], links: [], devices: [] };
  // The agent tells by the presence of ifup(8) whose network it is; it runs no program here.
  await furnishTree({ tree, vifs, machine, standInNode: process.execPath });
  if (rescuedTree !== undefined) await makeRescueLink(tree, rescuedTree);
  const argv = [KEEPER, process.execPath, join(agent.directory, agent.main), "--root", tree];
  return {
    kind: "root-tree",
    ifupdown: "none",
    // xe-daemon would tell the machine's own network, memory and disks: only the agent keeps to a tree.
    programs: ["nova-agent"],
    start: (_program, log) =>
      spawn(process.execPath, argv, {
        detached: true,
        cwd: "/",
        env: { ...PLAIN_ENVIRONMENT, XENSTORED_PATH: socketPath },
        // The keeper ends with its input, and so does the agent when this process is gone.
        stdio: ["pipe", log, log],
      }),
    plugVif: (vif) => showVif(tree, vif),
    unplugVif: (vif) => hideVif(tree, vif),
    close: () => Promise.resolve(),
  };
}

// Nothing can be mounted here; who looks into the tree from the machine finds the other one by a link.
async function makeRescueLink(tree: string, rescuedTree: string): Promise<void> {
  const path = tree + RESCUED_TREE;
  await mkdir(dirname(path), { recursive: true });
  await rm(path, { force: true });
  await symlink(rescuedTree, path);
}
