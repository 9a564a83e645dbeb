import { MessageType } from "../../wire/message-type.ts";

const knownTypes: ReadonlySet<number> = new Set(
  Object.values(MessageType).filter((type) => type !== MessageType.watchEvent && type !== MessageType.error),
);

const privilegedTypes: ReadonlySet<number> = new Set([
  MessageType.control,
  MessageType.introduce,
  MessageType.release,
  MessageType.isDomainIntroduced,
  MessageType.resume,
  MessageType.setTarget,
  MessageType.setFeature,
  MessageType.getQuota,
  MessageType.setQuota,
]);

/** Whether clients send packets of this type; the rest is ENOSYS before all else. */
export function isKnownType(type: number): boolean {
  return knownTypes.has(type);
}

/** Whether only dom0 may send it; others get EACCES before anything is parsed. */
export function isPrivilegedType(type: number): boolean {
  return privilegedTypes.has(type);
}

/** Whether its transaction id means nothing: watches live outside transactions. */
export function ignoresTransaction(type: number): boolean {
  return type === MessageType.watch || type === MessageType.unwatch;
}
