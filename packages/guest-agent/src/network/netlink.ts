import type { InterfaceAddress } from "../system/system.ts";
import { addressOf } from "./address.ts";

/**
 * Messages of rtnetlink(7), as far as the kernel's addresses need them. Numbers are the processor's own;
 * every processor that runs Xen is little-endian.
 */

/** netlink(7), rtnetlink(7). */
export const NetlinkType = { error: 2, done: 3, newLink: 16, getLink: 18, newAddress: 20, getAddress: 22 };

/** One message without its header. */
export interface NetlinkMessage {
  readonly type: number;
  readonly payload: Uint8Array;
}

/** What a message says of an interface. */
export interface NetlinkLink {
  readonly index: number;
  readonly name: string;
  /** Up, and with a carrier. */
  readonly isRunning: boolean;
}

/** What a message says of an address. */
export interface NetlinkAddress {
  /** The interface's. */
  readonly index: number;
  readonly address: string;
}

const HEADER_BYTES = 16;
const IFINFO_BYTES = 16;
const IFADDR_BYTES = 8;
const ATTRIBUTE_HEADER_BYTES = 4;

// netlink(7): NLM_F_REQUEST and NLM_F_DUMP.
const DUMP_FLAGS = 0x1 | 0x300;

// netdevice(7): IFF_UP and IFF_RUNNING.
const RUNNING_FLAGS = 0x1 | 0x40;

const AF_INET = 2;
const AF_INET6 = 10;

// linux/if_link.h, linux/if_addr.h.
const IFLA_IFNAME = 3;
const IFA_ADDRESS = 1;
const IFA_LOCAL = 2;
const IFA_F_OPTIMISTIC = 0x04;
const IFA_F_DADFAILED = 0x08;
const IFA_F_TENTATIVE = 0x40;

/** The request for everything of a kind, of every family. */
export function encodeDump(type: number): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + IFINFO_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length, true);
  view.setUint16(4, type, true);
  view.setUint16(6, DUMP_FLAGS, true);
  return bytes;
}

/** Cuts what was read into messages. What is cut off at the end is dropped. */
export function parseMessages(bytes: Uint8Array): readonly NetlinkMessage[] {
  const view = viewOf(bytes);
  const messages: NetlinkMessage[] = [];
  for (let at = 0; at + HEADER_BYTES <= bytes.length;) {
    const length = view.getUint32(at, true);
    if (length < HEADER_BYTES || at + length > bytes.length) break;
    const payload = bytes.subarray(at + HEADER_BYTES, at + length);
    messages.push({ type: view.getUint16(at + 4, true), payload });
    at += aligned(length);
  }
  return messages;
}

/** An interface of an RTM_NEWLINK message: struct ifinfomsg and attributes. */
export function readLink(payload: Uint8Array): NetlinkLink | undefined {
  if (payload.length < IFINFO_BYTES) return undefined;
  const view = viewOf(payload);
  const name = attributesOf(payload.subarray(IFINFO_BYTES)).get(IFLA_IFNAME);
  if (name === undefined) return undefined;
  const flags = view.getUint32(8, true);
  return {
    index: view.getInt32(4, true),
    name: String.fromCharCode(...name.subarray(0, name.indexOf(0) < 0 ? name.length : name.indexOf(0))),
    isRunning: (flags & RUNNING_FLAGS) === RUNNING_FLAGS,
  };
}

/**
 * An address of an RTM_NEWADDR message: struct ifaddrmsg and attributes. Undefined for one that is not in
 * use: another on the link has it, or nobody knows yet.
 */
export function readAddress(payload: Uint8Array): NetlinkAddress | undefined {
  if (payload.length < IFADDR_BYTES) return undefined;
  const [family, , flags = 0] = payload;
  const attributes = attributesOf(payload.subarray(IFADDR_BYTES));
  // With a peer, IFA_ADDRESS is the peer's.
  const bytes = attributes.get(IFA_LOCAL) ?? attributes.get(IFA_ADDRESS);
  if (bytes === undefined || bytes.length !== addressBytes(family)) return undefined;
  const isTentative = (flags & (IFA_F_TENTATIVE | IFA_F_OPTIMISTIC)) === IFA_F_TENTATIVE;
  if (isTentative || (flags & IFA_F_DADFAILED) !== 0) return undefined;
  return { index: viewOf(payload).getUint32(4, true), address: addressOf([...bytes]).text };
}

/** The addresses of interfaces that are up and running, by interface. */
export function joinAddresses(
  links: readonly NetlinkLink[],
  addresses: readonly NetlinkAddress[],
): readonly InterfaceAddress[] {
  return links
    .filter(({ isRunning }) => isRunning)
    .flatMap(({ index, name }) =>
      addresses
        .filter((each) => each.index === index)
        .map(({ address }) => ({ interfaceName: name, address })),
    );
}

function addressBytes(family: number | undefined): number | undefined {
  switch (family) {
    case AF_INET:
      return 4;
    case AF_INET6:
      return 16;
    default:
      return undefined;
  }
}

/** The attributes behind a message's own structure, by type; the last of a type counts. */
function attributesOf(bytes: Uint8Array): ReadonlyMap<number, Uint8Array> {
  const view = viewOf(bytes);
  const attributes = new Map<number, Uint8Array>();
  for (let at = 0; at + ATTRIBUTE_HEADER_BYTES <= bytes.length;) {
    const length = view.getUint16(at, true);
    if (length < ATTRIBUTE_HEADER_BYTES || at + length > bytes.length) break;
    attributes.set(view.getUint16(at + 2, true), bytes.subarray(at + ATTRIBUTE_HEADER_BYTES, at + length));
    at += aligned(length);
  }
  return attributes;
}

/** NLMSG_ALIGN and RTA_ALIGN. */
function aligned(length: number): number {
  return (length + 3) & ~3;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
