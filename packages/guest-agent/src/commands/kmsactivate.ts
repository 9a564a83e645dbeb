import type { CommandConfig } from "../config.ts";
import { AgentError } from "../errors.ts";
import type { Plan } from "../plan.ts";
import type { RequestValue } from "../protocol/request.ts";
import { type Registrar, planRegistration } from "../registration/plan-registration.ts";
import { parseRegistration } from "../registration/wanted-registration.ts";
import { findRegistrar } from "../system/registrar.ts";
import { rootFiles } from "../system/rooted-files.ts";
import { command, type Guest } from "./command.ts";

/**
 * `kmsactivate`: registers a guest of the Red Hat family with `activation_key`, as `profile`, at the
 * servers in `domains`. The organization of the key stands in `org`, which this agent is the first to
 * read, or in the setting `redhat_org`.
 */
export const kmsactivate = command({
  name: "kmsactivate",
  isListed: async (guest) => registrarOf(guest) !== undefined,
  gather: async (guest) => ({ registrar: registrarOf(guest), redhatOrg: guest.config.redhatOrg }),
  plan: planActivation,
});

function registrarOf({ system, root }: Guest): Registrar | undefined {
  return findRegistrar(rootFiles(system.files, root));
}

interface ActivationFacts extends Pick<CommandConfig, "redhatOrg"> {
  /** Undefined where no program can register. */
  readonly registrar: Registrar | undefined;
}

function planActivation(value: RequestValue, { registrar, redhatOrg }: ActivationFacts): Plan {
  // The text that hosts know.
  if (registrar === undefined) throw new AgentError("AGENT_UNSUPPORTED", "KMS not supported on this OS");
  const wanted = parseRegistration(value);
  const steps = planRegistration({ ...wanted, org: wanted.org ?? redhatOrg }, registrar);
  return { steps, reply: { returncode: "0", message: "" } };
}
