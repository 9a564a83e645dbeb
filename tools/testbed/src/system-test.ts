import { type TestContext, test } from "node:test";
import { TEST_TIMEOUT_MS } from "./limits.ts";
import { findUnmetNeeds, type Need } from "./needs.ts";

export interface SystemTestOptions {
  readonly needs: readonly Need[];
  readonly timeoutMs?: number;
}

/**
 * A test of node:test that needs something from the machine. Where a need is not met the test is
 * skipped and says why; with CI=true it fails, so that nothing goes missing unseen.
 */
export function systemTest(
  name: string,
  options: SystemTestOptions,
  body: (context: TestContext) => void | Promise<void>,
): void {
  void test(name, { timeout: options.timeoutMs ?? TEST_TIMEOUT_MS }, async (context) => {
    const reason = await skipReason(options.needs, process.env["CI"] === "true");
    if (reason === undefined) await body(context);
    else context.skip(reason);
  });
}

/** Why a test with these needs cannot run here; throws instead when unmet needs are not allowed. */
export async function skipReason(needs: readonly Need[], mustRun: boolean): Promise<string | undefined> {
  const unmet = await findUnmetNeeds(needs);
  if (unmet.length === 0) return undefined;
  const reason = `needs ${unmet.join(", ")}`;
  if (mustRun) throw new Error(`This machine must run every test, but this one ${reason}`);
  return reason;
}
