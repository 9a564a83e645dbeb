import { encodeLatin1, decodeLatin1 } from "@nova-agent/xenstore";
import type { AskedTask } from "./operation-task.ts";
import type { SimulatedGuest } from "./simulated-guest.ts";
import type { World } from "./world.ts";

/** Passwords that are where no password may be. */
export function findSecrets(world: World, guests: readonly SimulatedGuest[]): readonly string[] {
  const { secrets: passwords, lines, ledger } = world;
  if (passwords.length === 0) return [];
  const rows = [...ledger.entries.values()].map(({ operation, sealed = new Uint8Array() }) =>
    [JSON.stringify(operation), decodeLatin1(sealed)].join("\n"),
  );
  const places = {
    log: lines.join("\n"),
    ledger: rows.join("\n"),
    XenStore: dump(world),
    disks: guests.flatMap(({ disk }) => Object.values(disk.files.all())).join("\n"),
  };
  return Object.entries(places).flatMap(([name, text]) =>
    passwords.some((password) => contains(text, password)) ? [`a secret is in the ${name}`] : [],
  );
}

/** What of a task nobody but the guest may know. */
export function secretIn(task: AskedTask): string | undefined {
  if (task.kind === "password") return task.password;
  return task.kind === "kmsactivate" ? task.key : undefined;
}

/** In plain text, or in base64 as it is sent without a cipher. */
function contains(text: string, password: string): boolean {
  const base64 = Buffer.from(encodeLatin1(password)).toString("base64").slice(0, -4);
  return text.includes(password) || text.includes(base64);
}

function dump({ store }: World): string {
  const snapshot = store.snapshot();
  const visit = (path: string): string[] => [
    decodeLatin1(snapshot.read(path) ?? new Uint8Array()),
    ...(snapshot.list(path) ?? []).flatMap((name) => visit(`${path === "/" ? "" : path}/${name}`)),
  ];
  return visit("/").join("\n");
}
