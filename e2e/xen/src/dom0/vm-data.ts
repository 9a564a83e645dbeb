import type { XenstoreClient } from "@nova-agent/xenstore";

/** One network of a guest, as Nova writes it under `vm-data/networking`. */
export interface NetworkingEntry {
  readonly label: string;
  readonly mac: string;
  readonly gateway?: string;
  readonly gateway_v6?: string;
  readonly ips?: readonly { readonly ip: string; readonly netmask: string; readonly enabled: "1" }[];
  readonly ip6s?: readonly { readonly ip: string; readonly netmask: number; readonly enabled: "1" }[];
  readonly routes?: readonly { readonly route: string; readonly netmask: string; readonly gateway: string }[];
  readonly dns?: readonly string[];
}

export interface VmData {
  readonly hostname: string;
  readonly networking: readonly NetworkingEntry[];
}

/** Writes what the host wants of a guest where the guest may read and not write it. */
export async function writeVmData(
  xenstore: XenstoreClient,
  options: { readonly domid: number; readonly data: VmData },
): Promise<void> {
  const { domid, data } = options;
  const base = `/local/domain/${domid}/vm-data`;
  await xenstore.transaction(async (transaction) => {
    await transaction.makeDirectory(base);
    await transaction.setPermissions(base, [
      { domid: 0, read: false, write: false },
      { domid, read: true, write: false },
    ]);
    await transaction.write(`${base}/hostname`, data.hostname);
    for (const entry of data.networking) {
      const key = entry.mac.replaceAll(":", "").toUpperCase();
      await transaction.write(`${base}/networking/${key}`, JSON.stringify(entry));
    }
  });
}
