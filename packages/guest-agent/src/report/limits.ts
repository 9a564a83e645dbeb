/** Every limit of what the guest reports on itself, by name. */

/** Time between two looks at memory and disks; the daemon of xe-guest-utilities takes as long. */
export const MEMORY_INTERVAL_MS = 120_000;

/** How long the network may go on changing before its addresses are looked at. */
export const NETWORK_SETTLE_MS = 200;

/** Pause after XenStore failed, before all is published anew. */
export const PUBLISH_RETRY_MS = 10_000;

/** Time between two looks whether the other daemon, for whom this one keeps quiet, is still there. */
export const OTHER_DAEMON_INTERVAL_MS = 300_000;

/** How long the start may hold up what is ordered behind it. */
export const REPORT_HELD_MAX_MS = 10_000;

/** Addresses of one VIF and family: the guest's quota in XenStore is some 1,000 nodes for everything. */
export const ADDRESSES_MAX = 16;

/** Volumes: each takes about nine nodes. */
export const VOLUMES_MAX = 24;

/** SR-IOV functions that are looked for in XenStore. */
export const SRIOV_FUNCTIONS_MAX = 64;

/** Bytes of one value; names of distributions are shorter. */
export const VALUE_MAX_BYTES = 512;

/** Largest file of procfs, sysfs or /etc that is read, in bytes: a guest of containers has many mounts. */
export const REPORT_FILE_MAX_BYTES = 1024 * 1024;
