import { open, rm, truncate } from "node:fs/promises";
import { join } from "node:path";
import { privateRoot, runChecked } from "@nova-agent/testbed";
import { BUILD_STEP_TIMEOUT_MS } from "../limits.ts";

/** What makes file systems, with its libraries. */
export const diskPackages = ["e2fsprogs", "libcom-err2", "libext2fs2", "libss2"];

const SECTOR_BYTES = 512;
const MIB = 2 ** 20;
/** Where the first partition begins, as partitioning tools have it. */
const PARTITION_MIB = 1;
/** What a guest may write beside what it brings. */
const FREE_MIB = 64;

/** Makes a disk whose first partition has the tree as ext4, and removes the tree. */
export async function makeDisk(root: string, path: string): Promise<void> {
  const sizeMib = (await sizeOfTree(root)) + FREE_MIB;
  const disk = await open(path, "wx");
  try {
    await disk.write(partitionTable({ startMib: PARTITION_MIB, sizeMib }));
  } finally {
    await disk.close();
  }
  await truncate(path, (PARTITION_MIB + sizeMib) * MIB);
  const tools = await privateRoot(diskPackages);
  const extended = `offset=${PARTITION_MIB * MIB},lazy_itable_init=0,root_owner=0:0`;
  const options = ["-q", "-F", "-t", "ext4", "-m", "0", "-d", root, "-E", extended];
  await runChecked({
    argv: [join(tools, "sbin/mke2fs"), ...options, path, `${sizeMib}M`],
    environment: {
      LD_LIBRARY_PATH: ["lib", "usr/lib"].map((folder) => join(tools, folder, "x86_64-linux-gnu")).join(":"),
      MKE2FS_CONFIG: join(tools, "etc/mke2fs.conf"),
    },
    timeoutMs: BUILD_STEP_TIMEOUT_MS,
  });
  await rm(root, { recursive: true });
}

/** A master boot record with one partition for Linux, which counts by its sectors alone (fdisk(8), "DOS-type"). */
export function partitionTable({
  startMib,
  sizeMib,
}: {
  readonly startMib: number;
  readonly sizeMib: number;
}): Uint8Array {
  const record = Buffer.alloc(SECTOR_BYTES);
  const entry = 446;
  // Cylinders, heads and sectors of a disk that has none.
  record.set([0x00, 0xfe, 0xff, 0xff, 0x83, 0xfe, 0xff, 0xff], entry);
  record.writeUInt32LE((startMib * MIB) / SECTOR_BYTES, entry + 8);
  record.writeUInt32LE((sizeMib * MIB) / SECTOR_BYTES, entry + 12);
  record.set([0x55, 0xaa], SECTOR_BYTES - 2);
  return record;
}

async function sizeOfTree(root: string): Promise<number> {
  const output = await runChecked({ argv: ["du", "-s", "-m", root], timeoutMs: BUILD_STEP_TIMEOUT_MS });
  return Number.parseInt(output, 10);
}
