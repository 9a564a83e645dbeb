import { MessageType } from "../../wire/message-type.ts";
import { contractCases } from "./cases/all-cases.ts";
import type {
  Assertions,
  ContractCase,
  DefineTest,
  Difference,
  StoreFixture,
  StoreUnderTest,
} from "./contract.ts";
import { Conversation } from "./conversation.ts";
import { differencesOf } from "./differences/differences.ts";
import { testFraming } from "./framing.ts";
import { actionText, domidOf, parseAction, parseScript } from "./script.ts";
import { withStore } from "./with-store.ts";

/** What `testStoreContract` runs with. */
export interface StoreContractOptions {
  readonly test: DefineTest;
  readonly assert: Assertions;
  readonly fixture: StoreFixture;
}

/**
 * Defines a test for every rule of XenStore (xenstore.txt; what it leaves open, as C xenstored 4.17
 * does it) on a store that talks the protocol. Where a store is known to differ, the difference is
 * expected instead, so that it is seen when it goes away.
 */
export function testStoreContract(options: StoreContractOptions): void {
  const { assert, fixture } = options;
  const differences = differencesOf(fixture.store);
  const unused = new Set(Object.keys(differences));
  const test: DefineTest = (name, body) => {
    const difference = differences[name];
    unused.delete(name);
    if (difference === undefined || !("isSkipped" in difference)) options.test(name, body);
  };
  for (const contractCase of contractCases) {
    test(contractCase.name, () =>
      withStore(fixture, domainsOf(contractCase), async (store) => {
        const actual = await converse(store, contractCase);
        assert.deepEqual(actual, expectedLines(contractCase, differences[contractCase.name]));
      }),
    );
  }
  testFraming({ test, assert, fixture });
  if (unused.size > 0) throw new TypeError(`Differences of no case: ${[...unused].join(", ")}`);
}

/** The lines of a case as the store with this difference should bring them about. */
function expectedLines(contractCase: ContractCase, difference: Difference | undefined): readonly string[] {
  const lines = parseScript(contractCase.script);
  if (difference === undefined || "isSkipped" in difference) return lines;
  if ("lines" in difference) return lines.flatMap((line) => difference.lines[line] ?? [line]);
  return lines.map((line) => {
    const [action = "", reply] = line.split(" => ");
    const instead = reply === undefined ? undefined : difference.replies[reply];
    return instead === undefined ? line : `${action} => ${instead}`;
  });
}

async function converse(store: StoreUnderTest, contractCase: ContractCase): Promise<readonly string[]> {
  const conversation = new Conversation(store);
  try {
    for (const node of contractCase.given ?? []) await prepareNode(conversation, node);
    const lines: string[] = [];
    for (const line of parseScript(contractCase.script)) {
      const text = actionText(line);
      if (text !== undefined) lines.push(...(await conversation.perform(text, parseAction(text))));
    }
    return lines;
  } finally {
    conversation.close();
  }
}

async function prepareNode(conversation: Conversation, node: string): Promise<void> {
  const [path = "", permissions = "", value = ""] = node.split(" ");
  await conversation.prepare(MessageType.write, `${path}|${value}`);
  await conversation.prepare(MessageType.setPermissions, `${path}|${permissions.replaceAll(",", "|")}|`);
}

/** The unprivileged domains that a case names, but those that it introduces itself. */
function domainsOf({ given = [], script }: ContractCase): readonly number[] {
  const lines = parseScript(script);
  const introduced = new Set(lines.flatMap((line) => /^domain (\d+) /.exec(line)?.[1] ?? []).map(Number));
  const speaking = lines.filter((line) => !line.startsWith("domain ")).map((line) => domidOf(line));
  const permitted = given.flatMap((node) => node.split(" ")[1]?.match(/\d+/g) ?? []).map(Number);
  return [...new Set([...speaking, ...permitted])].filter((id) => id !== 0 && !introduced.has(id));
}
