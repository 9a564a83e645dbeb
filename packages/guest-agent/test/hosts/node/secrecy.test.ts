import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { temporaryDirectory } from "@nova-agent/testbed";
import {
  type GuestStore,
  addProgram,
  startAgentProcess,
  startGuestStore,
} from "../../support/agent-process.ts";
import type { Reply } from "../../../src/protocol/reply.ts";
import { DOMID } from "../../support/agent-harness.ts";
import { exchangeKeys, sendPassword } from "../../support/host-exchange.ts";
import { countInMemory } from "../../support/process-memory.ts";

const PASSWORD = "Tr0ub4dor-&-3:x";
/** A word that stands, by way of a directory's name, in every place that is searched. */
const PLANTED = "planted-word";

const bounded = { timeout: 60_000 };

/** Exchanges keys as the host does and sends a password; its answer. */
async function askForPassword(store: GuestStore): Promise<Reply> {
  return sendPassword(store, { shared: await exchangeKeys(store), password: PASSWORD });
}

/** A chpasswd that writes down all that it was given; `ending` is what it does then. */
function recordingChpasswd(directory: string, ending: string): string {
  const script = [
    `cat /proc/$$/cmdline >'${directory}/argv'`,
    `cat /proc/$$/environ >'${directory}/environment'`,
    `cat >'${directory}/stdin'`,
    ending,
  ].join("\n");
  return addProgram(directory, { name: "chpasswd", script });
}

interface Scene {
  readonly store: GuestStore;
  readonly directory: string;
  readonly pid: number;
  /** The text of every place where a password could be seen, by its name. */
  readonly places: () => Promise<Readonly<Record<string, string>>>;
}

/** A guest with an agent that logs all it can; `ending` is what its chpasswd does in the end. */
async function setScene(context: TestContext, ending: string): Promise<Scene> {
  const store = await startGuestStore(context);
  const directory = join(await temporaryDirectory(context), PLANTED);
  mkdirSync(directory);
  const config = join(directory, "nova-agent.conf");
  writeFileSync(config, "log_level = debug\n");
  const agent = startAgentProcess(context, {
    args: ["--root", directory, "--config", config],
    environment: { PATH: recordingChpasswd(directory, ending), XENSTORED_PATH: store.guestSocket },
  });
  await store.ask(PLANTED);
  const places = async () => ({
    "arguments of chpasswd": readFileSync(join(directory, "argv"), "latin1"),
    "environment of chpasswd": readFileSync(join(directory, "environment"), "latin1"),
    "arguments of the agent": readFileSync(`/proc/${agent.pid}/cmdline`, "latin1"),
    "environment of the agent": readFileSync(`/proc/${agent.pid}/environ`, "latin1"),
    "log of the agent": agent.stdout() + agent.stderr(),
    "answers of the agent": await allAnswers(store),
  });
  return { store, directory, pid: agent.pid, places };
}

async function allAnswers({ host, list }: GuestStore): Promise<string> {
  const requestIds = await list("guest");
  const answers = requestIds.map((id) => host.readText(`/local/domain/${DOMID}/data/guest/${id}`));
  return (await Promise.all(answers)).join("\n");
}

/** The places where a word stands, as it is or as base64 or hexadecimal digits. */
async function placesWith(word: string, { places }: Scene): Promise<readonly string[]> {
  const bytes = Buffer.from(word);
  const forms = [word, bytes.toString("base64").replace(/=+$/, ""), bytes.toString("hex")];
  const found = Object.entries(await places()).filter(([, text]) =>
    forms.some((form) => text.includes(form)),
  );
  return found.map(([name]) => name);
}

const ALL_PLACES = [
  "arguments of chpasswd",
  "environment of chpasswd",
  "arguments of the agent",
  "environment of the agent",
  "log of the agent",
  "answers of the agent",
];

test("a password reaches chpasswd's standard input and no other place", bounded, async (context) => {
  const scene = await setScene(context, "exit 0");
  assert.deepEqual(await askForPassword(scene.store), { returncode: "0", message: "" });
  assert.equal(readFileSync(join(scene.directory, "stdin"), "utf8"), `root:${PASSWORD}\n`);
  assert.deepEqual(await placesWith(PLANTED, scene), ALL_PLACES);
  assert.deepEqual(await placesWith(PASSWORD, scene), []);
});

test(
  "a chpasswd that fails and repeats its input does not get the password into answer or log",
  bounded,
  async (context) => {
    const repeat = 'echo "refused: $(cat "${0%/bin/*}/stdin")" >&2; exit 3';
    const scene = await setScene(context, repeat);
    assert.deepEqual(await askForPassword(scene.store), {
      returncode: "500",
      message: "Failed to change password for root: 3 : refused: root:[redacted]",
    });
    assert.deepEqual(await placesWith(PLANTED, scene), ALL_PLACES);
    assert.deepEqual(await placesWith(PASSWORD, scene), []);
  },
);

test("the agent's memory cannot get into a core dump", bounded, async (context) => {
  const { pid } = await setScene(context, "exit 0");
  assert.match(readFileSync(`/proc/${pid}/limits`, "utf8"), /^Max core file size +0 +0 /m);
});

for (const [how, ending] of [
  ["was set", "exit 0"],
  ["chpasswd refused", "exit 1"],
] as const) {
  test(`a password that ${how} is nowhere in the agent's memory afterwards`, bounded, async (context) => {
    const { store, pid } = await setScene(context, ending);
    const shared = await exchangeKeys(store);
    await sendPassword(store, { shared, password: PASSWORD });
    // Gives the key away as well: one exchange is good for one password.
    await store.ask("keyinit", "5");
    assert.ok(countInMemory(pid, PLANTED) > 0);
    assert.deepEqual(
      { password: countInMemory(pid, PASSWORD), shared: countInMemory(pid, shared) },
      { password: 0, shared: 0 },
    );
  });
}
