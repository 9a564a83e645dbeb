import assert from "node:assert/strict";
import { access, rm } from "node:fs/promises";
import { join } from "node:path";
import { existingPrivateRoot, privateRoot, systemTest } from "../src/index.ts";

systemTest("a private root holds the listed packages' files only", { needs: ["apt"] }, async () => {
  const packages = ["hello"];
  const root = await privateRoot(packages);
  await access(join(root, "usr/bin/hello"));
  await assert.rejects(access(join(root, "lib64")), { code: "ENOENT" });
  assert.equal(await privateRoot(packages), root);
  await rm(root, { recursive: true });
  assert.equal(await existingPrivateRoot(packages), undefined);
});

systemTest("a package that does not exist makes no root", { needs: ["apt"] }, async () => {
  await assert.rejects(privateRoot(["nova-agent-no-such-package"]), /Unable to locate package/);
  assert.equal(await existingPrivateRoot(["nova-agent-no-such-package"]), undefined);
});
