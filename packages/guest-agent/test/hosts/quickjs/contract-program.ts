import * as os from "native:os";
import { check, createClock, Programs } from "@nova-agent/quickjs";
import { loop } from "@nova-agent/quickjs/testing-globals";
import { createNativeFiles } from "../../../src/hosts/quickjs/native-files.ts";
import { runProgram } from "../../../src/hosts/quickjs/run-program.ts";
import { filesContract } from "../../system/files-contract.ts";
import { programsContract } from "../../system/programs-contract.ts";

// Runs on the engine: the contracts of what the static agent does with the operating system. Its argument
// is an empty directory.

const [, base = ""] = os.programArguments();
const files = createNativeFiles();
const clock = createClock(loop);
const programs = new Programs(loop);
const path = os.environment("PATH") ?? "";
const environment = { PATH: path, ONLY: "this" };
const host = { programs, clock, path, environment: [`PATH=${path}`, "ONLY=this"] };
const [, uid, gid] = check(os.stat(base));
const owner = { uid, gid };

let count = 0;
function emptyDirectory(): string {
  count += 1;
  const directory = `${base}/${count}`;
  check(os.mkdir(directory, 0o755));
  return directory;
}

filesContract("static files", async () => ({
  files,
  directory: emptyDirectory(),
  owner,
  link: (target, link) => check(os.symlink(target, link)),
}));

programsContract("static programs", async () => ({
  run: (call) => runProgram(call, host),
  files,
  directory: emptyDirectory(),
  environment,
}));
