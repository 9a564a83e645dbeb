import assert from "node:assert/strict";
import { test } from "node:test";
import { rootFiles } from "../../src/system/rooted-files.ts";
import { readVifsOfRoot } from "../../src/system/vifs-of-root.ts";
import { FakeFiles } from "../support/fake-files.ts";

const mac = "00:16:3e:00:00:01";

for (const name of ["lan[0", "lan("]) {
  test(`an interface that the running system calls ${name} is found in another system's files`, () => {
    const files = new FakeFiles();
    files.addFile(`/sys/class/net/${name}/address`, `${mac}\n`);
    files.addFile(`/sys/class/net/${name}/device/nodename`, "device/vif/0\n");
    files.addFile("/mnt/etc/network/interfaces", `auto ${name}\niface ${name} inet dhcp\n`);
    assert.deepEqual(readVifsOfRoot(files, rootFiles(files, "/mnt")), [{ name, mac, index: 0 }]);
  });
}
