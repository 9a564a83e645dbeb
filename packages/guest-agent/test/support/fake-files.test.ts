import { FakeFiles } from "./fake-files.ts";
import { filesContract } from "../system/files-contract.ts";

filesContract("fake files", async () => {
  const files = new FakeFiles();
  files.addDirectory("/work");
  return {
    files,
    directory: "/work",
    owner: { uid: 0, gid: 0 },
    link: (target, path) => files.addLink(path, target),
  };
});
