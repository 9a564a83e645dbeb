import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import type { XenImage } from "../image/dom0-image.ts";
import { type RunName, runs } from "../runs.ts";

export interface BootOptions {
  readonly image: XenImage;
  readonly run: RunName;
  /** Where everything goes that the console prints. */
  readonly logPath: string;
}

/** A machine that runs Xen under QEMU, until it powers itself off. */
export interface Machine {
  /** What its console prints, until its end. */
  readonly lines: AsyncIterable<string>;
  /** Ends it at once; safe to call twice and after its own end. */
  stop(): Promise<void>;
}

const memoryMib = 4096;
const dom0MemoryMib = 2048;

// This model has neither SMAP nor XSAVE, which QEMU 7.2 emulates in ways that crash a PV kernel and its
// programs, and being AMD's it needs no page table isolation, which is slow.
const processorModel = "Opteron_G3";

/** Boots Xen in software emulation, which needs no KVM. */
export function bootXen(options: BootOptions): Machine {
  const child = spawn("setpriv", ["--pdeathsig", "KILL", "qemu-system-x86_64", ...qemuArguments(options)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const log = createWriteStream(options.logPath);
  child.stdout.pipe(log);
  return { lines: consoleLines(child), stop: () => stop(child) };
}

function qemuArguments({ image, run }: BootOptions): readonly string[] {
  const xenLine = [
    `dom0_mem=${dom0MemoryMib}M,max:${dom0MemoryMib}M`,
    "com1=115200,8n1 console=com1 loglvl=error guest_loglvl=none spec-ctrl=no xpti=no noreboot=0",
  ].join(" ");
  // QEMU splits the list of modules at commas, so none may stand in Dom0's command line.
  const settings = `nova.xenstored=${runs[run].server} nova.run=${run}`;
  const dom0Line = `console=hvc0 quiet mitigations=off panic=5 ${settings}`;
  const options: Readonly<Record<string, string>> = {
    machine: "q35",
    accel: "tcg,thread=multi",
    cpu: processorModel,
    smp: "2",
    m: String(memoryMib),
    display: "none",
    serial: "stdio",
    kernel: image.hypervisor,
    append: xenLine,
    initrd: `${image.dom0Kernel} ${dom0Line},${image.dom0Archive}`,
  };
  const named = Object.entries(options).flatMap(([name, value]) => [`-${name}`, value]);
  return ["-nodefaults", "-no-reboot", ...named];
}

async function* consoleLines(child: ChildProcess): AsyncIterable<string> {
  if (child.stdout === null) return;
  for await (const line of createInterface({ input: child.stdout, crlfDelay: Infinity })) yield line;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}
