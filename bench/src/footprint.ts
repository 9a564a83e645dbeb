import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildStatic, muslToolchain } from "@nova-agent/quickjs/build";
import {
  compileC,
  findUnmetNeeds,
  makeTemporaryDirectory,
  type Need,
  privateRoot,
  removeDirectory,
  repositoryRoot,
  runChecked,
} from "@nova-agent/testbed";
import { AGENT_PROGRAM } from "./agent-guest.ts";
import { type FigureRow, figureRows } from "./footprint-rows.ts";
import type { Amounts, Footprint, FootprintTask, Subject } from "./footprint-subject.ts";

const TIMEOUT_MS = 1_800_000;
const PYTHON = "/usr/bin/python3";

/** What the Python agent imports, as Debian packages it. */
const pythonPackages = ["cryptography", "cffi-backend", "yaml", "netifaces", "pyxs"].map(
  (name) => `python3-${name}`,
);

/** Holds those imports, tells that it is ready, and waits. */
const pythonProgram = `
import json, logging, os, signal, socket, subprocess, sys
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
import netifaces, pyxs, yaml
name = os.environ.get("NOTIFY_SOCKET")
if name:
    address = "\\0" + name[1:] if name.startswith("@") else name
    socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"READY=1", address)
print("Ready", file=sys.stderr, flush=True)
signal.pause()
`;

const amounts: Amounts = {
  starts: 30,
  requests: 1000,
  restMs: 15_000,
  idleMs: 25_000,
  growthRequests: [10_000, 100_000],
};
const quickAmounts: Amounts = {
  starts: 3,
  requests: 100,
  restMs: 500,
  idleMs: 1000,
  growthRequests: [160, 320],
};

const namespaceScript = `${repositoryRoot()}packages/guest-agent/test/os/ifupdown/guest-namespace.sh`;
const guestProgram = fileURLToPath(new URL("./footprint-guest.js", import.meta.url));

/**
 * Measures what the agent costs a guest, one after the other in one guest made of namespaces, with the
 * real ifup: the static executable, the same agent on Node, and a Python process that holds what the
 * Python agent imports. What this machine does not allow is left out by name.
 */
export async function benchFootprint({ isQuick }: { readonly isQuick: boolean }): Promise<void> {
  console.log("\nFootprint of the agent\n");
  if (await isLeftOut("Left out", ["namespaces", "apt", "ip", "cc"])) return;
  const subjects = await findSubjects();
  const chosen = isQuick ? quickAmounts : amounts;
  const readyTime = await compileC({
    source: join(repositoryRoot(), "bench/client/ready-time.c"),
    output: "ready-time",
    flags: [],
  });
  // Pages of a file that was just written count as dirty until they are on the disk.
  await runChecked({ argv: ["sync"], timeoutMs: TIMEOUT_MS });
  const footprints = await runGuest({ subjects, amounts: chosen, readyTime });
  print(footprints, figureRows(chosen.idleMs));
}

async function findSubjects(): Promise<Subject[]> {
  const subjects: Subject[] = [];
  if (!(await isLeftOut("The static executable is left out", ["musl-gcc"]))) {
    const { path } = await buildStatic("nova-agent", muslToolchain);
    const sizeBytes = await sizeOf(path);
    subjects.push({ name: "static", argv: [path], sizeBytes, readiness: "socket", isAgent: true });
  }
  const node = process.execPath;
  const sizeBytes = await sizeOf(node);
  // It tells by a program of systemd's, whose start would count.
  subjects.push({ name: "Node", argv: [node, AGENT_PROGRAM], sizeBytes, readiness: "log", isAgent: true });
  if (!(await isLeftOut("Python is left out", ["python3"]))) subjects.push(await pythonSubject());
  return subjects;
}

async function pythonSubject(): Promise<Subject> {
  const root = await privateRoot(pythonPackages);
  const modules = join(root, "usr/lib/python3/dist-packages");
  return {
    name: "Python",
    argv: ["env", `PYTHONPATH=${modules}`, PYTHON, "-c", pythonProgram],
    sizeBytes: (await sizeOf(await realpath(PYTHON))) + (await sizeOf(root)),
    readiness: "socket",
    isAgent: false,
  };
}

/** Bytes of a file, or of all files in a folder. */
async function sizeOf(path: string): Promise<number> {
  const status = await stat(path);
  if (!status.isDirectory()) return status.size;
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async (file) => (await stat(join(file.parentPath, file.name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function runGuest(task: FootprintTask): Promise<Footprint[]> {
  const root = await privateRoot(["ifupdown"]);
  const work = await makeTemporaryDirectory();
  try {
    const guest = [namespaceScript, "ifupdown", root, work, process.execPath, guestProgram];
    const output = await runChecked({
      argv: ["unshare", "-Urnmu", ...guest],
      stdin: JSON.stringify(task),
      timeoutMs: TIMEOUT_MS,
    });
    return output
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Footprint);
  } finally {
    await removeDirectory(work);
  }
}

/** The aims are the static executable's. */
function print(footprints: readonly Footprint[], rows: readonly FigureRow[]): void {
  console.log(line("", [...footprints.map(({ name }) => name), "aim"]));
  const first = footprints.find(({ name }) => name === "static");
  for (const { title, aim, figure } of rows) {
    const figures = footprints.map((footprint) => figure(footprint));
    const own = first === undefined ? undefined : figure(first);
    const verdict = aim === undefined || own === undefined ? "" : own <= aim ? "reached" : "not reached";
    const columns = [...figures.map(show), aim === undefined ? "" : `≤ ${show(aim)}`];
    console.log(`${line(title, columns)}  ${verdict}`.trimEnd());
  }
}

function show(figure: number | undefined): string {
  if (figure === undefined) return "-";
  return Number.isInteger(figure) ? String(figure) : figure.toFixed(2);
}

function line(title: string, columns: readonly string[]): string {
  return title.padEnd(36) + columns.map((column) => column.padStart(10)).join("");
}

/** Tells what this machine lacks of the needs; false when it lacks nothing. */
async function isLeftOut(what: string, needs: readonly Need[]): Promise<boolean> {
  const unmet = await findUnmetNeeds(needs);
  if (unmet.length > 0) console.log(`${what}: it needs ${unmet.join(", ")}`);
  return unmet.length > 0;
}
