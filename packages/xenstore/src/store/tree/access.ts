import type { Permission } from "../../wire/permissions.ts";

/** Rights as bits. The owner's comes with both others. */
export const READ = 1;
export const WRITE = 2;
export const OWNER = 4;
const ALL = READ | WRITE | OWNER;

/**
 * One entry of a node's permissions. It holds for one life of a domain: when the domain is released,
 * entries for it are void, and a later domain of the same number does not inherit them.
 */
export interface AccessEntry {
  readonly domid: number;
  /** The domain's `incarnation` when the entry was made; NO_INCARNATION when there was no such domain. */
  readonly incarnation: number;
  readonly rights: number;
}

/** Of an entry for a domain that was not there when it was made: shown, but never of effect. */
export const NO_INCARNATION = -1;

/** Whom permissions are checked for: a domain in one of its lives. */
export interface Subject {
  readonly domid: number;
  /** Dom0: passes every check and has no quota. */
  readonly isPrivileged: boolean;
  /** Which life of this number: grows at every release, and voids permissions given before. */
  readonly incarnation: number;
  /** The domain whose rights it has besides its own. */
  readonly target: Subject | undefined;
}

/** Entry 0 is the owner and what holds for domains without an entry of their own. Never empty. */
export type AccessList = readonly [AccessEntry, ...AccessEntry[]];

/**
 * What a domain may do (xenstore.txt, "permissions"): the owner and dom0 everything; else the first
 * entry for the domain or for its target decides, else the rights of entry 0.
 */
export function rightsOf(list: AccessList, domain: Subject): number {
  if (domain.isPrivileged || isFor(list[0], domain)) return ALL;
  for (let index = 1; index < list.length; index += 1) {
    const entry = list[index];
    if (entry !== undefined && isFor(entry, domain)) return entry.rights;
  }
  return list[0].rights;
}

/** Whether the domain may read. */
export function mayRead(list: AccessList, domain: Subject): boolean {
  return (rightsOf(list, domain) & READ) !== 0;
}

function isFor(entry: AccessEntry, domain: Subject): boolean {
  if (entry.domid === domain.domid) return entry.incarnation === domain.incarnation;
  const { target } = domain;
  return target !== undefined && entry.domid === target.domid && entry.incarnation === target.incarnation;
}

/**
 * The permissions of a node that `creator` makes below one with these: a copy, but what an
 * unprivileged domain makes is its own (C xenstored; oxenstored leaves it to the parent's owner).
 */
export function inheritAccess(list: AccessList, creator: Subject): AccessList {
  const [owner, ...others] = list;
  const { domid, incarnation } = creator;
  if (creator.isPrivileged || (owner.domid === domid && owner.incarnation === incarnation)) return list;
  return [{ domid, incarnation, rights: owner.rights }, ...others];
}

/** The entries as rights. `incarnationOf` tells in which life a domain is. */
export function toAccessList(
  permissions: readonly Permission[],
  incarnationOf: (domid: number) => number,
): AccessList | undefined {
  const [owner, ...others] = permissions.map(({ domid, read, write }) => ({
    domid,
    incarnation: incarnationOf(domid),
    rights: (read ? READ : 0) | (write ? WRITE : 0),
  }));
  return owner === undefined ? undefined : [owner, ...others];
}

/** The entries as GET_PERMS shows them: without those of domains that were released since. */
export function toPermissions(list: AccessList, incarnationOf: (domid: number) => number): Permission[] {
  return list
    .filter((entry, index) => index === 0 || isShown(entry, incarnationOf))
    .map(({ domid, rights }) => ({ domid, read: (rights & READ) !== 0, write: (rights & WRITE) !== 0 }));
}

function isShown({ domid, incarnation }: AccessEntry, incarnationOf: (domid: number) => number): boolean {
  return incarnation === NO_INCARNATION || incarnation === incarnationOf(domid);
}
