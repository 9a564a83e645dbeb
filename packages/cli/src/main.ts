#!/usr/bin/env node
import { runGuestctl } from "./run.ts";
import { processTerminal } from "./terminal/terminal.ts";

process.exitCode = await runGuestctl(process.argv.slice(2), processTerminal());
