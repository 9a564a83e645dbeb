import type { ContractCase } from "../contract.ts";
import { directoryPartCases } from "./directory-part.ts";
import { domainCases } from "./domains.ts";
import { messageCases } from "./messages.ts";
import { nodeCases } from "./nodes.ts";
import { pathCases } from "./paths.ts";
import { permissionCases } from "./permissions.ts";
import { quotaCases } from "./quotas.ts";
import { specialWatchCases } from "./special-watches.ts";
import { transactionConflictCases } from "./transaction-conflicts.ts";
import { transactionCases } from "./transactions.ts";
import { watchCases } from "./watches.ts";

/** Every row of the suite; the names are unique. */
export const contractCases: readonly ContractCase[] = [
  ...messageCases,
  ...nodeCases,
  ...pathCases,
  ...permissionCases,
  ...transactionCases,
  ...transactionConflictCases,
  ...watchCases,
  ...specialWatchCases,
  ...directoryPartCases,
  ...quotaCases,
  ...domainCases,
];
