/** Every limit of the wanted network and its back ends, by name. */

/** Longest label that is kept, in characters; it goes into comments only. */
export const LABEL_MAX_CHARACTERS = 64;

/** Smallest MTU that IPv4 allows (RFC 791). */
export const MTU_MIN_BYTES = 68;

/** Smallest MTU on which IPv6 works (RFC 8200, section 5). */
export const MTU_MIN_IPV6_BYTES = 1280;

/** Largest MTU of a Xen VIF (xen-netfront, XEN_NETIF_MAX_TX_SIZE less the Ethernet header). */
export const MTU_MAX_BYTES = 65521;

/** How long a reset waits for VIFs that are wanted and have not appeared; the host gives up after 60 s. */
export const VIF_WAIT_MS = 5_000;

/** Pause between two looks for such VIFs. */
export const VIF_POLL_MS = 250;

/** Largest configuration file that is read. */
export const CONFIGURATION_FILE_MAX_BYTES = 262_144;

/** Largest value read from sysfs and procfs. */
export const KERNEL_FILE_MAX_BYTES = 4_096;

/** How long a program may take to bring one interface down or up (DAD alone may take 6 s, interfaces(5)). */
export const INTERFACE_TIMEOUT_MS = 20_000;

/**
 * How long a program may take that applies the whole network: of the time of all steps of a reset
 * (`PLAN_LIMIT_MS`) what the kernel's network may take behind it (`NETWORK_SETTLE_MS`) is left, so that
 * a program that hangs is named, and one that is slow still has its work checked.
 */
export const APPLY_TIMEOUT_MS = 22_000;

/** Longest host name that Linux keeps (HOST_NAME_MAX). */
export const HOSTNAME_MAX_CHARACTERS = 64;

/** Longest part of a host name between dots (RFC 1123, section 2.1; RFC 1035, section 2.3.4). */
export const HOSTNAME_LABEL_MAX_CHARACTERS = 63;

/** Name servers that the C library asks (resolv.conf(5), MAXNS). */
export const NAMESERVERS_MAX = 3;

/** Largest list of routes that is read; a router of the Internet has more, and is not checked. */
export const ROUTES_MAX_BYTES = 1_048_576;

/** How long `ip` may take to tell what the kernel has; it answers in milliseconds. */
export const KERNEL_LOOK_TIMEOUT_MS = 3_000;

/** How long the kernel's network may take to be as it is wanted, once the programs have ended. */
export const NETWORK_SETTLE_MS = 10_000;

/** Pause between two looks at it. */
export const NETWORK_POLL_MS = 200;

/** How long a gateway that answered before a change may take to answer after it. */
export const GATEWAY_WAIT_MS = 8_000;

/** How long one question to a gateway may take; ping is told to wait for a second. */
export const PING_TIMEOUT_MS = 3_000;

/** Addresses and routes of the kernel that are kept to be put back; a router of the Internet has more. */
export const KEPT_ENTRIES_MAX = 256;

/** Looks at the kernel while they are put back: a network manager may take away again what it does not know. */
export const PUT_BACK_LOOKS_MAX = 3;

/** Pause before the next of these looks. */
export const PUT_BACK_PAUSE_MS = 500;

/** Differences of a network that are told; the others are counted. */
export const DIFFERENCES_TOLD_MAX = 4;

/** IPv4 addresses of one interface for which initscripts may look for duplicates, three seconds each. */
export const CHECKED_ADDRESSES_MAX = 3;

/** Files of configuration that are read in all, those included that others include. */
export const CONFIGURATION_FILES_MAX = 512;

/** Highest priority of a profile that comes up by itself (nm-settings-nmcli(5), connection.autoconnect-priority). */
export const AUTOCONNECT_PRIORITY_MAX = 999;

/** Addresses that are not the host's and stay of which one reset warns. */
export const FOREIGN_ADDRESSES_TOLD_MAX = 16;
