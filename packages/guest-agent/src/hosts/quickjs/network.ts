import * as os from "native:os";
import { check, type EventLoop, wouldWait } from "@nova-agent/quickjs";
import {
  encodeDump,
  joinAddresses,
  type NetlinkAddress,
  type NetlinkLink,
  NetlinkType,
  parseMessages,
  readAddress,
  readLink,
} from "../../network/netlink.ts";
import { attempt } from "../../system/system-error.ts";
import type { InterfaceAddress } from "../../system/system.ts";

// rtnetlink(7): RTMGRP_LINK, RTMGRP_IPV4_IFADDR and RTMGRP_IPV6_IFADDR.
const GROUPS = 0x1 | 0x10 | 0x100;

/** What the kernel fills at most in one read of a dump (net/netlink/af_netlink.c). */
const READ_BYTES = 32 * 1024;

/** Watches through rtnetlink(7). */
export function watchNetwork(onChange: () => void, loop: EventLoop): () => void {
  const fd = attempt("Cannot watch the network", () => check(os.openNetlink(GROUPS)));
  const readable = (): void => {
    // What is told does not matter, nor that some was lost (ENOBUFS): the addresses are looked at anew.
    const bytes = new Uint8Array(READ_BYTES);
    while (!wouldWait(os.read(fd, bytes, 0)));
    onChange();
  };
  loop.watch(fd, { readable, isBackground: true });
  return () => {
    loop.unwatch(fd);
    os.close(fd);
  };
}

/** As rtnetlink(7) tells them. */
export function networkAddresses(): readonly InterfaceAddress[] {
  return attempt("Cannot list the network's addresses", () => {
    const links = dump(NetlinkType.getLink, readLink);
    return joinAddresses(links, dump(NetlinkType.getAddress, readAddress));
  });
}

/** Asks the kernel for all of a kind, and reads until it says that this is all. */
function dump<Item extends NetlinkLink | NetlinkAddress>(
  type: number,
  parse: (payload: Uint8Array) => Item | undefined,
): readonly Item[] {
  const fd = check(os.openNetlink(0));
  try {
    const request = encodeDump(type);
    check(os.write(fd, request, 0));
    const bytes = new Uint8Array(READ_BYTES);
    const items: Item[] = [];
    for (;;) {
      // The kernel makes each part when the one before is read, so that it is there at once.
      const messages = parseMessages(bytes.subarray(0, check(os.read(fd, bytes, 0))));
      for (const { type: kind, payload } of messages) {
        if (kind === NetlinkType.done || kind === NetlinkType.error) return items;
        const item = parse(payload);
        if (item !== undefined) items.push(item);
      }
      if (messages.length === 0) return items;
    }
  } finally {
    os.close(fd);
  }
}
