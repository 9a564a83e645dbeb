import { type GuestFile, type GuestLink, RESCUED_TREE } from "./guest-files.ts";
import { serviceFiles, serviceLinks } from "./guest-services.ts";

/** What a demo guest can be made of. */
export interface DemoImage {
  readonly hasAgent: boolean;
  /** Besides what every guest has. */
  readonly files: readonly GuestFile[];
  readonly links: readonly GuestLink[];
}

const MOTD = `This is the rescue system of a demo guest. A demo guest has no block devices: where a rescue
system on Xen has the instance's own disk as /dev/xvdb1, this one has its root tree, mounted
already, at ${RESCUED_TREE}. Do there what you would do after "mount /dev/xvdb1 /mnt/rescue".
`;

const IMAGES: Readonly<Record<string, DemoImage>> = {
  "demo:debian": { hasAgent: true, files: serviceFiles, links: serviceLinks },
  "demo:rescue": {
    hasAgent: true,
    files: [...serviceFiles, { path: "/etc/motd", content: MOTD, mode: 0o644 }],
    links: serviceLinks,
  },
  "demo:no-agent": { hasAgent: false, files: [], links: [] },
};

/** The references of all images. */
export const DEMO_IMAGES: readonly string[] = Object.keys(IMAGES);

/** The image with this reference, or undefined. */
export function findDemoImage(reference: string): DemoImage | undefined {
  return Object.hasOwn(IMAGES, reference) ? IMAGES[reference] : undefined;
}
