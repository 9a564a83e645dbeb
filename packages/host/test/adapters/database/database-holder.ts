import { openDatabase } from "../../../src/adapters/database/index.ts";
import { operation } from "./behaviour.ts";

/**
 * A process that opens the database in the directory of its first argument and, until it is killed, puts
 * operations into it; it writes the id of each to its output when the database has said that it is in.
 */
const database = await openDatabase({ kind: "pglite", directory: process.argv[2] });
for (let number = 0; ; number += 1) {
  const id = `kept-${number}`;
  await database.operations.insert(operation("holder", { id }));
  await database.operations.note(id, { state: "sent", text: "Written" });
  process.stdout.write(`${id}\n`);
}
