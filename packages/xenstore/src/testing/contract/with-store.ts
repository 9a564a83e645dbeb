import type { StoreFixture, StoreUnderTest } from "./contract.ts";

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
