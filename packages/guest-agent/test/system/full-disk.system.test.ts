import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runChecked, systemTest, temporaryDirectory } from "@nova-agent/testbed";
import { type GoldenCase, readGoldenCases } from "../os/golden-case.ts";

const timeoutMs = 120_000;
const script = fileURLToPath(new URL("../../../test/system/full-disk.sh", import.meta.url));
const agent = fileURLToPath(new URL("../../../bin/nova-agent.mjs", import.meta.url));

/** Room that is left on the disk; tmpfs gives it away by pages of four kilobytes. */
const amountsKib = [...Array.from({ length: 18 }, (_, index) => 4 * index), 96, 128];

/** The files of a guest, under a directory. */
async function writeTree(directory: string, { network, before, evidence }: GoldenCase): Promise<void> {
  const devices = network.vifs.flatMap(({ name, mac, index }) => [
    [`/sys/class/net/${name}/address`, `${mac}\n`] as const,
    [`/sys/class/net/${name}/device/nodename`, `device/vif/${index}\n`] as const,
  ]);
  const kernel = ["/proc/sys/kernel/hostname", "debian\n"] as const;
  const programs = evidence.map((path) => [path, ""] as const);
  for (const [path, text] of [...devices, kernel, ...programs, ...before]) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
}

for (const backend of ["ifupdown", "netplan", "ifcfg"]) {
  systemTest(
    `a disk that becomes full at any moment leaves the old files or the new ones (${backend})`,
    { needs: ["namespaces"], timeoutMs },
    async (context) => {
      const [tree, work] = [await temporaryDirectory(context), await temporaryDirectory(context)];
      const guest = readGoldenCases(backend).find(({ name }) => name === "canonical");
      assert.ok(guest);
      await writeTree(tree, guest);
      const wanted = join(await temporaryDirectory(context), "wanted.json");
      const { hostname, networking } = guest.network;
      await writeFile(wanted, JSON.stringify({ hostname, networking }));
      const amounts = [...amountsKib, "all"].join(" ");
      const apply = [process.execPath, agent, "network", "apply"];
      const argv = ["unshare", "-Urm", script, tree, work, wanted, amounts, ...apply] as const;
      const output = await runChecked({ argv, timeoutMs });
      const lines = output.trimEnd().split("\n");
      const [old, ...states] = lines.map((line) => line.split(" "));
      const [, , newFiles] = states.at(-1) ?? [];
      assert.notEqual(newFiles, old?.[2]);
      for (const [free, code, files, leftovers] of states) {
        assert.equal(files, code === "0" ? newFiles : old?.[2], `${free} KiB, answer ${code}\n${output}`);
        assert.equal(leftovers, "0", `${free} KiB\n${output}`);
      }
      const codes = states.map(([, code]) => code);
      assert.deepEqual([codes.at(0), codes.at(-1)], ["1", "0"]);
    },
  );
}
