/** A server of the Compute API (nova api-ref, "Servers"). */
export function computePath(id: string): string {
  return `/compute/v2.1/servers/${encodeURIComponent(id)}`;
}

/** What is known of its guest, by our own service. */
export function guestPath(id: string): string {
  return `/guests/v1/servers/${encodeURIComponent(id)}`;
}
