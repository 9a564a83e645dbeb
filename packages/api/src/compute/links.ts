/** A link of Nova's JSON. */
export interface Link {
  readonly rel: "self" | "bookmark" | "next";
  readonly href: string;
}

/** What of the Compute API has pages of its own. */
export type Resource = "servers" | "flavors" | "images";

/** The links of one resource (nova api-guide, "Links and References"). */
export function viewLinks(serviceUrl: string, resource: Resource, id: string): readonly Link[] {
  const place = `${resource}/${encodeURIComponent(id)}`;
  return [{ rel: "self", href: `${serviceUrl}/v2.1/${place}` }, bookmark(serviceUrl, resource, id)];
}

/** The link that names no version. */
export function bookmark(serviceUrl: string, resource: Resource, id: string): Link {
  return { rel: "bookmark", href: `${serviceUrl}/${resource}/${encodeURIComponent(id)}` };
}

/** The link to what comes behind a page: the same query with the page's last element as its marker. */
export function nextLink(url: string, query: Readonly<Record<string, unknown>>, marker: string): Link {
  const parameters = new URLSearchParams();
  for (const [name, values] of Object.entries({ ...query, marker })) {
    const list: readonly unknown[] = Array.isArray(values) ? values : [values];
    for (const value of list) {
      if (typeof value === "string" || typeof value === "number") parameters.append(name, String(value));
    }
  }
  return { rel: "next", href: `${url}?${parameters.toString()}` };
}
