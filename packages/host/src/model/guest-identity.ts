/**
 * Which guest a domain is. A reboot, a restore and a migration give it a new domid; the UUID stays
 * (xenstore-paths.pandoc, "~/vm"), the name does too, but a migration changes it for a while
 * (xl: `name--incoming`, `name--migratedaway`).
 */
export interface GuestIdentity {
  /** Of the virtual machine; undefined where the toolstack wrote no `vm`. */
  readonly uuid: string | undefined;
  /** As it was when the guest was asked for. */
  readonly name: string | undefined;
}

/** Whether `domain` is this guest: by its UUID; by its name only where neither has one. */
export function isSameGuest(guest: GuestIdentity, domain: GuestIdentity): boolean {
  if (guest.uuid !== undefined || domain.uuid !== undefined) return guest.uuid === domain.uuid;
  return guest.name !== undefined && guest.name === domain.name;
}

/** A key that all callers for one guest share, whatever its domid is just now. */
export function guestKey(guest: GuestIdentity, domid: number): string {
  if (guest.uuid !== undefined) return `uuid ${guest.uuid}`;
  return guest.name === undefined ? `domid ${domid}` : `name ${guest.name}`;
}

/** The UUID in the value of a domain's `vm`, which is a path: `/vm/<uuid>`. */
export function parseVmPath(value: string): string | undefined {
  const uuid = value.replace(/^\/vm\//, "");
  return uuid === "" ? undefined : uuid;
}

/**
 * Whether a change at `path` may mean that a guest is back: a domain appeared, or what tells who it is
 * and that it can be asked. Everything else below `/local/domain` changes all the time.
 */
export function mayTellOfGuest(path: string): boolean {
  return /^\/local\/domain(\/\d+(\/(data|name|vm))?)?$/.test(path);
}
