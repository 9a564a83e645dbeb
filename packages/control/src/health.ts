import type { Clock } from "@nova-agent/xenstore";
import { HEALTH_TIMEOUT_MS } from "./limits.ts";

/** Something that the service cannot do without: `check` resolves when it answers. */
export interface Dependency {
  /** Such as `database`. */
  readonly name: string;
  readonly check: () => Promise<unknown>;
}

/** How each is: "ok", or why it is not. */
export interface Health {
  readonly isHealthy: boolean;
  readonly checks: Readonly<Record<string, string>>;
}

/** Asks all of them at the same time; none is waited for longer than `HEALTH_TIMEOUT_MS`. */
export async function checkHealth(dependencies: readonly Dependency[], clock: Clock): Promise<Health> {
  const answers = await Promise.all(
    dependencies.map(async ({ name, check }) => [name, await describe(check, clock)] as const),
  );
  return { isHealthy: answers.every(([, answer]) => answer === "ok"), checks: Object.fromEntries(answers) };
}

function describe(check: () => Promise<unknown>, clock: Clock): Promise<string> {
  return new Promise((resolve) => {
    const late = `no answer within ${HEALTH_TIMEOUT_MS} ms`;
    const cancel = clock.after(HEALTH_TIMEOUT_MS, () => resolve(late));
    const settle = (answer: string) => {
      cancel();
      resolve(answer);
    };
    check().then(
      () => settle("ok"),
      (error: unknown) => settle(error instanceof Error ? error.message : String(error)),
    );
  });
}
