import { temporaryDirectory } from "@nova-agent/testbed";
import { createLabels } from "../../../src/hosts/node/labels.ts";
import { createNodeFiles } from "../../../src/hosts/node/node-files.ts";
import { runProgram } from "../../../src/hosts/node/programs.ts";
import { programsContract } from "../../system/programs-contract.ts";

const environment = { PATH: process.env["PATH"] ?? "", ONLY: "this" };

programsContract("node programs", async (context) => ({
  run: (call) => runProgram(call, environment),
  files: createNodeFiles(createLabels(environment)),
  directory: await temporaryDirectory(context),
  environment,
}));
