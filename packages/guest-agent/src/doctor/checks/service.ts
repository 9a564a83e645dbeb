import type { DoctorFacts } from "../facts.ts";
import { type Check, type Found, ok, problem, skipped } from "../finding.ts";
import { enablingFix, INSTALL_FIX, restartingFix } from "../fixes.ts";

const NAME = "nova-agent";

/** Whether the service is installed, starts with the system, and runs. */
export const service: Check = {
  name: "service",
  look: (facts) => {
    const found = [...lookAtFiles(facts), ...lookAtProcesses(facts)];
    if (found.length > 0) return found;
    return [ok(facts.running === undefined ? "Starts with the system" : "Runs, and starts with the system")];
  },
};

function lookAtFiles(facts: DoctorFacts): Found[] {
  const { init, installed } = facts.services;
  if (init === undefined) return [skipped("What starts this system's services is not known")];
  const own = installed.find(({ name }) => name === NAME);
  if (own === undefined) return [problem(`No service ${NAME} is installed (${init.name})`, INSTALL_FIX)];
  if (own.maskedBy !== undefined) {
    const live = init.name === "systemd" && facts.root === "/" ? `systemctl unmask ${NAME}; ` : "";
    return [
      problem(`${NAME} is kept from starting by ${own.maskedBy}`, `${live}${enablingFix(NAME, facts)}`),
    ];
  }
  if (own.enabledBy.length > 0) return [];
  return [problem(`${NAME} does not start with the system (${init.name})`, enablingFix(NAME, facts))];
}

function lookAtProcesses(facts: DoctorFacts): Found[] {
  const { running, services } = facts;
  if (running === undefined) return [];
  const { agents } = running;
  if (agents.length > 1) {
    const pids = agents.join(", ");
    return [problem(`Several agents serve the same requests: processes ${pids}`, `kill ${agents[0]}`)];
  }
  if (agents.length === 1 || !services.installed.some(({ name }) => name === NAME)) return [];
  const why = services.init === undefined ? "" : `; ${services.init.explainingCommand}`;
  return [problem(`${NAME} does not run`, `${restartingFix(NAME, facts)}${why}`)];
}
