import type { GuestFile } from "./guest-files.ts";
import { RESCUED_TREE } from "./guest-files.ts";

/** What a demo guest can be made of. */
export interface DemoImage {
  readonly hasAgent: boolean;
  /** Besides what every guest has. */
  readonly files: readonly GuestFile[];
}

const MOTD = `This is the rescue system of a demo guest. A demo guest has no block devices: where a rescue
system on Xen has the instance's own disk as /dev/xvdb1, this one has its root tree, mounted
already, at ${RESCUED_TREE}. Do there what you would do after "mount /dev/xvdb1 /mnt/rescue".
`;

const IMAGES: Readonly<Record<string, DemoImage>> = {
  "demo:debian": { hasAgent: true, files: [] },
  "demo:rescue": { hasAgent: true, files: [{ path: "/etc/motd", content: MOTD, mode: 0o644 }] },
  "demo:no-agent": { hasAgent: false, files: [] },
};

/** The references of all images. */
export const DEMO_IMAGES: readonly string[] = Object.keys(IMAGES);

/** The image with this reference, or undefined. */
export function findDemoImage(reference: string): DemoImage | undefined {
  return Object.hasOwn(IMAGES, reference) ? IMAGES[reference] : undefined;
}
