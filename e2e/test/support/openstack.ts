import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type Cleanup,
  type ProgramOutcome,
  runProgram,
  temporaryDirectory,
  waitFor,
} from "@nova-agent/testbed";
import { type ApiReader, openApi } from "./api-reader.ts";
import { demoTest } from "./demo-test.ts";
import { addForeigner } from "./foreigner.ts";
import { guestctl, type RunningDemo, runDirectory, startDemo } from "./demo.ts";

export { isRootPassword } from "@nova-agent/testbed";

/** How long one call of a client may take: it is Python, and starts slowly. */
const CLIENT_TIMEOUT_MS = 90_000;
const CLOUD_TEST_TIMEOUT_MS = 240_000;

/** Of `openstack … -f json`. */
export type Fields = Readonly<Record<string, unknown>>;

/** Calls one of OpenStack's clients; what it asks for is answered from `stdin`. */
export type Client = (args: readonly [string, ...string[]], stdin?: string) => Promise<ProgramOutcome>;

/** A demo with its clients, as its users call them. */
export interface Cloud {
  readonly demo: RunningDemo;
  readonly openstack: Client;
  readonly nova: Client;
  /** `openstack` as the user who may only look, by `clouds.yaml`. */
  readonly readerOpenstack: Client;
  /** `openstack` with a password that is not the user's. */
  readonly strangerOpenstack: Client;
  /** `openstack` as a member of another project. */
  readonly foreignOpenstack: Client;
  /** `openstack` by an application credential, without any other setting of the user's. */
  readonly credentialOpenstack: (credential: Credential) => Client;
  /** What the Compute API answers the user at a path. */
  readonly api: ApiReader;
  /** Where the servers' root trees are. */
  readonly guests: string;
}

/** An application credential, as it was answered when it was made. */
export interface Credential {
  readonly id: string;
  readonly secret: string;
}

/** One demo for all tests of a file, started when the first of them asks for it. */
export class SharedCloud {
  readonly #callbacks: (() => Promise<void>)[] = [];
  #cloud: Promise<Cloud> | undefined;

  #get(): Promise<Cloud> {
    return (this.#cloud ??= openCloud({ after: (callback) => void this.#callbacks.push(callback) }));
  }

  /** A system test that gets the demo, and whose cleanups run last first. */
  test(name: string, body: (cloud: Cloud, cleanup: Cleanup) => Promise<void>): void {
    const options = { needs: ["namespaces", "ip", "openstack"], timeoutMs: CLOUD_TEST_TIMEOUT_MS } as const;
    demoTest(name, options, async (cleanup) => body(await this.#get(), cleanup));
  }

  /** Ends the demo, and removes what it left. */
  async close(): Promise<void> {
    for (const callback of this.#callbacks.toReversed()) await callback();
  }
}

async function openCloud(cleanup: Cleanup): Promise<Cloud> {
  const data = join(await temporaryDirectory(cleanup), "data");
  const foreigner = await addForeigner(data);
  const options = { directory: await runDirectory(cleanup), guest: "namespaces", data } as const;
  const demo = await startDemo(cleanup, options);
  const settings = parseOpenrc(await readFile(join(demo.directory, "openrc"), "utf8"));
  const environment = { ...foreignSettings(), HOME: await temporaryDirectory(cleanup) };
  const clouds = { OS_CLIENT_CONFIG_FILE: join(demo.directory, "clouds.yaml"), OS_CLOUD: "demo-reader" };
  const { OS_AUTH_URL = "" } = settings;
  return {
    demo,
    openstack: client("openstack", { ...environment, ...settings }),
    nova: client("nova", { ...environment, ...settings }),
    readerOpenstack: client("openstack", { ...environment, ...clouds }),
    strangerOpenstack: client("openstack", { ...environment, ...settings, OS_PASSWORD: "wrong" }),
    foreignOpenstack: client("openstack", { ...environment, ...settings, ...foreigner }),
    credentialOpenstack: (credential) =>
      client("openstack", { ...environment, OS_AUTH_URL, ...settingsOf(credential) }),
    api: await openApi(settings),
    guests: join(data, "demo-guests"),
  };
}

function settingsOf({ id, secret }: Credential): Record<string, string> {
  return {
    OS_AUTH_TYPE: "v3applicationcredential",
    OS_APPLICATION_CREDENTIAL_ID: id,
    OS_APPLICATION_CREDENTIAL_SECRET: secret,
    OS_IDENTITY_API_VERSION: "3",
  };
}

function client(program: string, environment: Readonly<Record<string, string | undefined>>): Client {
  return (args, stdin = "") =>
    runProgram({
      // Without a terminal they ask on standard input.
      argv: ["setsid", program, ...args],
      environment,
      stdin,
      timeoutMs: CLIENT_TIMEOUT_MS,
    });
}

/** The settings of whoever runs the test, to be taken from the environment. */
function foreignSettings(): Record<string, undefined> {
  const names = Object.keys(process.env).filter((name) => /^(OS_|https?_proxy$)/i.test(name));
  return Object.fromEntries(names.map((name) => [name, undefined]));
}

/** The variables that the file exports. No value in it needs quotes. */
function parseOpenrc(text: string): Record<string, string> {
  const lines = [...text.matchAll(/^export (\w+)=(\S+)$/gm)];
  return Object.fromEntries(lines.map(([, name = "", value = ""]) => [name, value]));
}

/** A server of a test's own. */
export interface OwnServer {
  readonly id: string;
  readonly name: string;
  /** Of root, as it was wanted for the build. */
  readonly password: string;
  /** Its own root tree. */
  readonly tree: string;
  /** That of its rescue system. */
  readonly rescueTree: string;
}

/** Creates a server, waits until it is built, and has it deleted with the test. */
export async function createServer(
  { guests, openstack }: Cloud,
  {
    name,
    image = "debian",
    more = ["--network", "private"],
    cleanup,
  }: {
    readonly name: string;
    readonly image?: string;
    /** Options of `openstack server create`, its networks among them. */
    readonly more?: readonly string[];
    readonly cleanup: Cleanup;
  },
): Promise<OwnServer> {
  const password = `Of ${name}: 1`;
  cleanup.after(async () => void (await openstack(["server", "delete", "--wait", name])));
  const what = ["--image", image, "--flavor", "demo.small", ...more, "--password", password];
  const told = await succeed(openstack(["server", "create", ...what, "--wait", "-f", "json", name]));
  // The progress of waiting stands before it.
  const { id } = JSON.parse(told.slice(told.indexOf("{"))) as { id: string };
  const home = join(guests, id);
  return { id, name, password, tree: join(home, "disk"), rescueTree: join(home, "rescue") };
}

/** The directory of a server's domain in XenStore. */
export async function domainPathOf({ demo }: Cloud, name: string): Promise<string> {
  const { stdout } = await guestctl(demo, ["list"]);
  const domid = new RegExp(`^(\\d+) +${name} `, "m").exec(stdout)?.[1];
  if (domid === undefined) throw new Error(`No domain is named ${name}:\n${stdout}`);
  return `/local/domain/${domid}`;
}

/** Waits until a server has this status, and no task. */
export async function waitForStatus(
  { api }: Cloud,
  { name, status }: { readonly name: string; readonly status: string },
): Promise<void> {
  await waitFor(
    async () => {
      const { servers } = (await api(`/servers/detail?name=${name}`)) as {
        readonly servers: readonly Readonly<Record<string, unknown>>[];
      };
      const server = servers.find((candidate) => candidate["name"] === name);
      return server?.["status"] === status && server["OS-EXT-STS:task_state"] === null;
    },
    { what: `server ${name} that is ${status}`, timeoutMs: CLIENT_TIMEOUT_MS },
  );
}

/** The standard output of a call that has to succeed. */
export async function succeed(call: Promise<ProgramOutcome>): Promise<string> {
  const { status, stdout, stderr } = await call;
  if (status === 0) return stdout;
  throw new Error(`The client ended with status ${status}\n${stdout}${stderr}`);
}

/** What a call that has to fail says. */
export async function fail(call: Promise<ProgramOutcome>): Promise<string> {
  const { status, stdout, stderr } = await call;
  if (status !== 0) return stdout + stderr;
  throw new Error(`The client succeeded\n${stdout}${stderr}`);
}
