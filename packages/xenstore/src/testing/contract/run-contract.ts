import { MessageType } from "../../wire/message-type.ts";
import { contractCases } from "./cases/all-cases.ts";
import type { Assertions, ContractCase, DefineTest, Difference, StoreFixture, StoreUnderTest } from "./contract.ts";
import { Conversation } from "./conversation.ts";
import { differencesOf } from "./differences/differences.ts";
import { testFraming } from "./framing.ts";
import { actionText, domidOf, parseAction, parseScript } from "./script.ts";

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
  const { test, assert, fixture } = options;
  const differences = differencesOf(fixture.store);
  for (const contractCase of contractCases) {
    const difference = differences[contractCase.name];
    if (difference !== undefined && "isSkipped" in difference) continue;
    test(contractCase.name, () =>
      withStore(fixture, domainsOf(contractCase), async (store) => {
        const actual = await converse(store, contractCase);
        assert.deepEqual(actual, expectedLines(contractCase, difference));
      }),
    );
  }
  testFraming({ test, assert, fixture });
}

/** The lines of a case as the store with this difference should bring them about. */
export function expectedLines(
  contractCase: ContractCase,
  difference: Difference | undefined,
): readonly string[] {
  const lines = parseScript(contractCase.script);
  if (difference === undefined || "isSkipped" in difference) return lines;
  return lines.flatMap((line) => difference.lines[line] ?? [line]);
}

/** Runs `body` on a store of its own and ends it, whatever happens. */
export async function withStore(
  fixture: StoreFixture,
  domains: readonly number[],
  body: (store: StoreUnderTest) => Promise<void>,
): Promise<void> {
  const store = await fixture.start(domains);
  try {
    await body(store);
  } finally {
    await store.close();
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

/** The unprivileged domains that speak in a case, but those that it introduces itself. */
function domainsOf(contractCase: ContractCase): readonly number[] {
  const lines = parseScript(contractCase.script);
  const introduced = lines.flatMap((line) => /^domain (\d+) introduced$/.exec(line)?.[1] ?? []);
  const speaking = lines.filter((line) => !line.startsWith("domain ")).map((line) => domidOf(line));
  return [...new Set(speaking)].filter((domid) => domid !== 0 && !introduced.includes(String(domid)));
}
