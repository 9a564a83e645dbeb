import { encodeUtf8 } from "@nova-agent/xenstore";
import { AgentError } from "../errors.ts";
import type { RunPythonStep, Step } from "../plan.ts";
import type { Secret } from "../secret.ts";
import { REGISTRATION_TIMEOUT_MS } from "../system/limits.ts";
import type { WantedRegistration } from "./wanted-registration.ts";

/** The program of a guest that registers it, and the interpreter that its first line asks for. */
export interface Registrar {
  readonly kind: "subscription-manager" | "rhnreg_ks";
  readonly path: string;
  readonly interpreter: readonly [string, ...string[]];
}

const UP2DATE = "/etc/sysconfig/rhn/up2date";
const SYSTEM_ID = "/etc/sysconfig/rhn/systemid";
/** Red Hat's own service has another path than the servers that customers run (rhsm.conf(5), "prefix"). */
const RED_HAT_SERVER = "subscription.rhsm.redhat.com";

/**
 * The steps that register a guest. Each time anew, with `--force`: neither program keeps the key it
 * was registered with, so nobody can tell on the guest that a registration is the wanted one.
 */
export function planRegistration(wanted: WantedRegistration, registrar: Registrar): readonly Step[] {
  return registrar.kind === "rhnreg_ks" ? planRhn(wanted, registrar) : planRhsm(wanted, registrar);
}

/**
 * subscription-manager(8): the profile is `--name`; the first of the domains is `--serverurl`, which
 * knows one server only; content comes from where the guest is set to get it. A key needs its `--org`.
 */
function planRhsm(wanted: WantedRegistration, registrar: Registrar): readonly Step[] {
  const { activationKey, profile, org, domains } = wanted;
  if (org === undefined) {
    activationKey.wipe();
    const where = 'neither "org" of the activation data nor the setting redhat_org';
    throw new AgentError(
      "AGENT_BAD_PAYLOAD",
      `An activation key needs its organization, and ${where} names one`,
    );
  }
  const [server] = domains;
  return [
    register(registrar, [
      "register",
      "--activationkey",
      activationKey,
      `--org=${org}`,
      ...(profile === undefined ? [] : [`--name=${profile}`]),
      ...(server === undefined ? [] : [`--serverurl=${serverUrl(server)}`]),
      "--force",
    ]),
  ];
}

function serverUrl(server: string): string {
  return server === RED_HAT_SERVER ? `https://${server}/subscription` : `https://${server}/rhsm`;
}

/** rhnreg_ks(8): the servers stand in a file, and the id of an older registration goes. */
function planRhn(wanted: WantedRegistration, registrar: Registrar): readonly Step[] {
  const { activationKey, profile, domains } = wanted;
  const content = encodeUtf8(renderUp2date(domains));
  return [
    ...(domains.length === 0
      ? []
      : [{ step: "writeFile", path: UP2DATE, content, mode: 0o644, backup: true } as const]),
    { step: "removeFile", path: SYSTEM_ID, backup: false },
    register(registrar, [
      "--activationkey",
      activationKey,
      ...(profile === undefined ? [] : ["--profile", profile]),
      "--force",
    ]),
  ];
}

// As the agents before this one wrote it: a list ends each of its parts with a semicolon.
function renderUp2date(domains: readonly string[]): string {
  const urls = (scheme: string) => domains.map((domain) => `${scheme}://${domain}/XMLRPC;`).join("");
  const fixed = "noReboot;sslCACert;useNoSSLForPackages;noSSLServerURL;serverURL;disallowConfChanges;";
  return [
    "",
    `serverURL=${urls("https")}`,
    `noSSLServerURL=${urls("http")}`,
    "sslCACert=/usr/share/rhn/RHN-ORG-TRUSTED-SSL-CERT",
    "networkRetries=5",
    "httpProxy=",
    "proxyUser=",
    "proxyPassword=",
    `disallowConfChanges=${fixed}`,
    "",
  ].join("\n");
}

function register({ path, interpreter }: Registrar, words: readonly (string | Secret)[]): RunPythonStep {
  return {
    step: "runPython",
    interpreter,
    argv: [path, ...words],
    timeoutMs: REGISTRATION_TIMEOUT_MS,
    failure: "Couldn't activate with RHN",
  };
}
