/** Where a domain and its exchange with the host live in XenStore (xenstore-paths.pandoc; nova, agent.py). */

/** The parent of every domain's node. */
export const DOMAINS_PATH = "/local/domain";

/** The domain's own node; whether it exists tells whether the domain does. */
export function domainPath(domid: number): string {
  return `${DOMAINS_PATH}/${domid}`;
}

/** Where the toolstack keeps the domain's name. */
export function namePath(domid: number): string {
  return `${domainPath(domid)}/name`;
}

/** Where the toolstack keeps the path of the virtual machine, `/vm/<uuid>`. */
export function vmPath(domid: number): string {
  return `${domainPath(domid)}/vm`;
}

/** The part of the domain's tree that the guest may write. */
export function dataPath(domid: number): string {
  return `${domainPath(domid)}/data`;
}

/** The host's request; the guest removes it. */
export function requestPath(domid: number, id: string): string {
  return `${dataPath(domid)}/host/${id}`;
}

/** The guest's reply, under the id of the request. */
export function replyPath(domid: number, id: string): string {
  return `${dataPath(domid)}/guest/${id}`;
}

/** The domid a text names, such as `5`, or undefined: decimal, no sign, at most 65535. */
export function parseDomid(text: string): number | undefined {
  return /^(0|[1-9]\d{0,4})$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined;
}
