export type { Assertions, DefineTest, StoreFixture, StoreName, StoreUnderTest } from "./contract.ts";
export { type StoreContractOptions, testStoreContract } from "./run-contract.ts";
