import type { RunName } from "../../runs.ts";
import type { DiskHost } from "../disk-host.ts";
import type { World } from "../world.ts";
import { commands } from "./commands.ts";
import { guestctl } from "./guestctl.ts";
import { interfacesBesideVifs } from "./interfaces-beside.ts";
import { killedAgent } from "./killed-agent.ts";
import { ownReboot } from "./own-reboot.ts";
import { quotas } from "./quotas.ts";
import { record } from "./record.ts";
import { saveAndRestore } from "./save-restore.ts";
import { rescue } from "./rescue.ts";
import { startUp } from "./start-up.ts";
import { systemdCommands } from "./systemd-commands.ts";
import { systemdService } from "./systemd-service.ts";
import { systemdStart } from "./systemd-start.ts";
import { toolstack } from "./toolstack.ts";

/** Registers the tests of one subject; they run in order, and each finds the guest as the last left it. */
export type Scenario = (world: World) => void;

/** What each boot with a guest tries, in this order. The agent that is killed does not see which server runs. */
export const scenariosOf: Readonly<Record<Exclude<RunName, "toolstack">, readonly Scenario[]>> = {
  commands: [startUp, commands, interfacesBesideVifs, guestctl, quotas, record],
  faults: [startUp, killedAgent, saveAndRestore, record],
  systemd: [systemdStart, systemdCommands, systemdService, record],
  oxenstored: [startUp, commands, quotas, saveAndRestore, record],
};

/** What is tried where a toolstack makes the guests; each test has guests of its own. */
export const scenariosOnDisks: readonly ((host: DiskHost) => void)[] = [ownReboot, toolstack, rescue];
