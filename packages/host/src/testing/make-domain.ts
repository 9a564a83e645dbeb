import type { XenstoreClient } from "@nova-agent/xenstore";

/** A domain as a toolstack knows it. */
export interface DomainToMake {
  readonly domid: number;
  readonly name?: string;
  readonly uuid?: string;
}

/** What a toolstack writes for a domain (xenstore-paths.pandoc): its node, its name, its `data`. */
export async function makeDomain(xenstore: XenstoreClient, domain: DomainToMake): Promise<void> {
  const { domid, name, uuid } = domain;
  const path = `/local/domain/${domid}`;
  const noAccess = { read: false, write: false };
  const guestReads = [
    { domid: 0, ...noAccess },
    { domid, read: true, write: false },
  ];
  await xenstore.write(path, "");
  await xenstore.setPermissions(path, guestReads);
  if (name !== undefined) await xenstore.write(`${path}/name`, name);
  if (uuid !== undefined) await xenstore.write(`${path}/vm`, `/vm/${uuid}`);
  await xenstore.write(`${path}/data`, "");
  await xenstore.setPermissions(`${path}/data`, [{ domid, ...noAccess }]);
}
