import { join } from "node:path";
import type { Flavor, Network } from "@nova-agent/host";
import { isLoopback } from "@nova-agent/api";
import type { DatabasePlace } from "@nova-agent/host/database";
import type { LogLevel } from "../../service-log.ts";
import { type ConfiguredImage, parseFlavor, parseImage, parseNetwork } from "./inventory-sections.ts";
import { parseSections, placeOf, refuseOthers, type Section, take, wrong } from "./sections.ts";
import {
  absolutePath,
  httpUrl,
  type ListenAddress,
  listenAddress,
  oneOf,
  someText,
  wholeNumber,
  yesOrNo,
} from "./value-kinds.ts";

/** What an operator may set, in `/etc/nova-control.conf`. */
export interface ServiceConfiguration {
  readonly database: DatabasePlace;
  /** Path of XenStore's socket or device; undefined to look in the usual places. */
  readonly xenstorePath: string | undefined;
  /** Of the service alone: the seal's key, disks and what the toolstack keeps. */
  readonly stateDirectory: string;
  readonly sealKeyPath: string;
  readonly listen: ListenAddress;
  /** Of `/healthz` and `/metrics`; undefined for none. */
  readonly monitoring: ListenAddress | undefined;
  readonly tls: { readonly certificatePath: string; readonly keyPath: string } | undefined;
  readonly publicUrl: string | undefined;
  /** Whether the panel is served at the API's port. */
  readonly hasPanel: boolean;
  readonly logLevel: LogLevel;
  /** How long finished operations and deleted instances are kept. */
  readonly operationsKeptMs: number;
  readonly auditKeptMs: number;
  readonly vifScript: string | undefined;
  readonly images: readonly ConfiguredImage[];
  readonly flavors: readonly Flavor[];
  readonly networks: readonly Omit<Network, "id">[];
}

const DAY_MS = 86_400_000;

const KEYS = [
  "database",
  "xenstore",
  "state_directory",
  "seal_key",
  "listen",
  "monitoring_listen",
  "tls_certificate",
  "tls_key",
  "public_url",
  "panel",
  "log_level",
  "operations_kept_days",
  "audit_kept_days",
  "vif_script",
];

/**
 * Reads a configuration; `name` is how the file is called in errors. Throws BAD_CONFIGURATION, with the line
 * and what would be right.
 */
export function parseServiceConfiguration(text: string, name: string): ServiceConfiguration {
  const [general, ...sections] = parseSections(text, name);
  if (general === undefined) throw new Error("There is no first section");
  const of = <Result>(kind: string, parse: (section: Section) => Result) =>
    sections.filter((section) => section.kind === kind).map(parse);
  for (const { kind, place } of sections) {
    if (!["image", "flavor", "network"].includes(kind))
      throw wrong(place, `Unknown heading [${kind} …]; known are image, flavor and network`);
  }
  return {
    ...parseGeneral(general),
    images: of("image", parseImage),
    flavors: of("flavor", parseFlavor),
    networks: of("network", parseNetwork),
  };
}

function parseGeneral(section: Section): Omit<ServiceConfiguration, "images" | "flavors" | "networks"> {
  refuseOthers(section, KEYS);
  const stateDirectory = take(section, "state_directory", absolutePath) ?? "/var/lib/nova-control";
  const xenstore = take(section, "xenstore", {
    takes: "auto or an absolute path",
    parse: (text) => (text === "auto" ? text : absolutePath.parse(text)),
  });
  const monitoring = take(section, "monitoring_listen", {
    takes: `none, or ${listenAddress.takes}`,
    parse: (text) => (text === "none" ? text : listenAddress.parse(text)),
  });
  return {
    database: parseDatabase(section, stateDirectory),
    xenstorePath: xenstore === "auto" ? undefined : xenstore,
    stateDirectory,
    sealKeyPath: take(section, "seal_key", absolutePath) ?? join(stateDirectory, "seal-key"),
    ...parseListening(section),
    monitoring: monitoring === "none" ? undefined : (monitoring ?? { host: "127.0.0.1", port: 9774 }),
    publicUrl: take(section, "public_url", httpUrl),
    hasPanel: take(section, "panel", yesOrNo) ?? true,
    logLevel: take(section, "log_level", oneOf("info", "warn", "error")) ?? "info",
    operationsKeptMs: (take(section, "operations_kept_days", wholeNumber(1, 36_500)) ?? 90) * DAY_MS,
    auditKeptMs: (take(section, "audit_kept_days", wholeNumber(1, 36_500)) ?? 365) * DAY_MS,
    vifScript: take(section, "vif_script", someText),
  };
}

/** Its URL may hold a password, so that it is not shown. */
function parseDatabase(section: Section, stateDirectory: string): DatabasePlace {
  const text = section.settings.get("database")?.value ?? join(stateDirectory, "database");
  if (text.startsWith("/")) return { kind: "pglite", directory: text };
  if (/^postgres(ql)?:\/\//.test(text)) return { kind: "postgres", url: text };
  const takes = "an absolute path for the embedded database, or postgresql://… for a server";
  throw wrong(placeOf(section, "database"), `"database" takes ${takes}`);
}

function parseListening(section: Section): Pick<ServiceConfiguration, "listen" | "tls"> {
  const listen = take(section, "listen", listenAddress) ?? { host: "127.0.0.1", port: 8774 };
  const certificatePath = take(section, "tls_certificate", absolutePath);
  const keyPath = take(section, "tls_key", absolutePath);
  if ((certificatePath === undefined) !== (keyPath === undefined)) {
    const there = certificatePath === undefined ? "tls_key" : "tls_certificate";
    throw wrong(placeOf(section, there), "tls_certificate and tls_key belong together: one is missing");
  }
  if (certificatePath !== undefined && keyPath !== undefined)
    return { listen, tls: { certificatePath, keyPath } };
  if (isLoopback(listen.host)) return { listen, tls: undefined };
  const reason = "passwords would cross the network in the clear";
  throw wrong(
    placeOf(section, "listen"),
    `Cannot listen at ${listen.host} without tls_certificate and tls_key: ${reason}`,
  );
}
