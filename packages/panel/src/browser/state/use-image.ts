import { type Image, imageAnswer } from "../model/inventory.ts";
import { usePanel } from "./panel.ts";
import { type Resource, useResource } from "./use-resource.ts";

/** An image, which never changes; undefined without an id. */
export function useImage(id: string | undefined): Resource<Image | undefined> {
  const { client } = usePanel();
  return useResource({
    key: id ?? "",
    load: async (signal) =>
      id === undefined
        ? undefined
        : client.get(`/image/v2/images/${encodeURIComponent(id)}`, imageAnswer, signal),
    concerns: () => false,
  });
}
