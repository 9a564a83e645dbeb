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
    if (difference === undefined || !("isEndless" in difference)) options.test(name, body);
  };
  for (const contractCase of contractCases) {
    const difference = differences[contractCase.name];
    const expected = expectedLines(contractCase, difference);
    test(contractCase.name, () =>
      withStore(fixture, domainsOf(contractCase), async (store) => {
        if (difference !== undefined && "isUnlike" in difference) {
          const isAlike = await goesAsExpected(store, contractCase, expected);
          assert.deepEqual(isAlike, false, `It is not so any more: ${difference.reason}`);
        } else {
          assert.deepEqual(await converse(store, contractCase), expected);
        }
      }),
    );
  }
  testFraming({ test, assert, fixture });
  if (unused.size > 0) throw new TypeError(`Differences of no case: ${[...unused].join(", ")}`);
}

/** The lines of a case as the store with this difference should bring them about. */
function expectedLines(
  { name, script }: ContractCase,
  difference: Difference | undefined,
): readonly string[] {
  const lines = parseScript(script);
  if (difference === undefined || "isUnlike" in difference || "isEndless" in difference) return lines;
  const isByLine = "lines" in difference;
  const unused = new Set(Object.keys(isByLine ? difference.lines : difference.replies));
  const expected = lines.flatMap((line) => {
    const [action = "", reply = ""] = line.split(" => ");
    unused.delete(isByLine ? line : reply);
    if (isByLine) return difference.lines[line] ?? [line];
    const instead = difference.replies[reply];
    return instead === undefined ? [line] : [`${action} => ${instead}`];
  });
  if (unused.size > 0) throw new TypeError(`Differences of no line of "${name}": ${[...unused].join(", ")}`);
  return expected;
}

/** Whether the case goes as expected. A reply that is none to what was asked is one way in which it does not. */
async function goesAsExpected(
  store: StoreUnderTest,
  contractCase: ContractCase,
  expected: readonly string[],
): Promise<boolean> {
  try {
    const actual = await converse(store, contractCase);
    return actual.join("\n") === expected.join("\n");
  } catch {
    return false;
  }
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
