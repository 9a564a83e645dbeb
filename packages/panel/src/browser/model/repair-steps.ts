/** What is repaired from a rescue system. */
export const rescuedSystems = ["debian", "red-hat", "linux", "freebsd", "windows"] as const;

export type RescuedSystem = (typeof rescuedSystems)[number];

const systemWords: Readonly<Record<RescuedSystem, string>> = {
  debian: "Debian, Ubuntu",
  "red-hat": "Red Hat, CentOS, Rocky, Fedora",
  linux: "Another Linux",
  freebsd: "FreeBSD",
  windows: "Windows",
};

export function rescuedSystemWords(system: RescuedSystem): string {
  return systemWords[system];
}

/** Undefined for no system of this name. */
export function rescuedSystemNamed(name: string): RescuedSystem | undefined {
  return rescuedSystems.find((system) => system === name);
}

export interface RepairPlaces {
  /** The part of the server's disk that holds its system, such as `/dev/xvdb1`. */
  readonly partition: string;
  /** Where it is mounted. */
  readonly directory: string;
}

/** A step of a repair, with what to type for it; some have nothing to type. */
export interface RepairStep {
  readonly name: string;
  readonly text: string;
  readonly commands: string | undefined;
}

/** Where the server's disk is on most hosts. */
export const usualPlaces: RepairPlaces = { partition: "/dev/xvdb1", directory: "/mnt/rescue" };

/** By what is known of its image. */
export function rescuedSystemOf(image: {
  readonly name: string;
  readonly os_type?: string | null | undefined;
}): RescuedSystem {
  const name = image.name.toLowerCase();
  if (image.os_type === "windows" || name.includes("windows")) return "windows";
  if (name.includes("freebsd")) return "freebsd";
  if (/red ?hat|rhel|centos|rocky|alma|fedora|oracle|scientific|amazon/u.test(name)) return "red-hat";
  return /debian|ubuntu|devuan/u.test(name) ? "debian" : "linux";
}

/** Why a place cannot stand in the commands; undefined when it can. */
export function placeProblem(path: string): string | undefined {
  if (!path.startsWith("/")) return "It begins with /";
  return /^[\w/.@+-]+$/u.test(path) ? undefined : "Only letters, digits and / . _ - + @";
}

/** What to do in the rescue system, in order (docs/troubleshooting.md, "Rescue mode"). */
export function repairSteps(system: RescuedSystem, places: RepairPlaces): readonly RepairStep[] {
  if (system === "windows") return windowsSteps(places);
  if (system === "freebsd") return freebsdSteps(places);
  return linuxSteps(system, places);
}

function linuxSteps(
  system: Exclude<RescuedSystem, "freebsd" | "windows">,
  places: RepairPlaces,
): readonly RepairStep[] {
  const { directory } = places;
  return [
    findDisk,
    {
      name: "Mount it",
      text:
        "Check its file system first. Where the rescue system has mounted it already, leave this out, and " +
        "name that directory above: look with ls /mnt.",
      commands: `fsck ${places.partition}\nmkdir -p ${directory}\nmount ${places.partition} ${directory}`,
    },
    {
      name: "See what is wrong",
      text: "The agent's doctor looks at the mounted system, and tells the command that mends each fault.",
      commands: `nova-agent doctor --root ${directory}`,
    },
    {
      name: "Repair it",
      text:
        "Asks for root's new password, has the agent start with the system, and writes the networks that the " +
        "server should have. What one cannot do stops no other.",
      commands: `nova-agent rescue --root ${directory}`,
    },
    {
      name: "Or set the password alone",
      text: "By the server's own program, where the repair above is not wanted.",
      commands: `chroot ${directory} passwd root`,
    },
    ...(system === "linux" ? [] : [packageSteps[system](directory)]),
    unmount(directory),
  ];
}

const findDisk: RepairStep = {
  name: "Find the server's disk",
  text: "The disk that is not mounted at / is the server's own: xvdb on most hosts.",
  commands: "lsblk -o NAME,SIZE,FSTYPE,LABEL,MOUNTPOINT",
};

const packageSteps = {
  "red-hat": (directory: string): RepairStep => ({
    name: "Look which agent is installed",
    text: "With SELinux, have the system label its files anew at its next start: it takes some minutes.",
    commands: `rpm --root ${directory} -q nova-agent\ntouch ${directory}/.autorelabel`,
  }),
  debian: (directory: string): RepairStep => ({
    name: "Look which agent is installed",
    text: "Where it is not, or half, install it again once the server runs.",
    commands: `dpkg --root=${directory} -s nova-agent`,
  }),
} as const;

function unmount(directory: string): RepairStep {
  return {
    name: "Let go of the disk",
    text: "Before the rescue ends, so that everything is written to it.",
    commands: `cd /\numount ${directory}`,
  };
}

function freebsdSteps({ partition, directory }: RepairPlaces): readonly RepairStep[] {
  return [
    findDisk,
    {
      name: "Mount it to read it",
      text:
        "Linux reads the disk of FreeBSD and cannot write it. To change something on it, end this rescue and " +
        'begin one with an image of FreeBSD: "openstack server rescue --image".',
      commands: `mkdir -p ${directory}\nmount -t ufs -o ro,ufstype=ufs2 ${partition} ${directory}`,
    },
    {
      name: "See what is wrong",
      text: "What the system and its agent wrote last.",
      commands: `tail -n 100 ${directory}/var/log/messages`,
    },
    unmount(directory),
  ];
}

function windowsSteps({ partition, directory }: RepairPlaces): readonly RepairStep[] {
  return [
    findDisk,
    {
      name: "Mount it",
      text: "The largest part with the file system ntfs is Windows. One that was not shut down cannot be written.",
      commands: `mkdir -p ${directory}\nmount -t ntfs3 ${partition} ${directory}`,
    },
    {
      name: "Set the Administrator's password",
      text: "Where the rescue system has chntpw: choose to clear the password, and reset it in Access later.",
      commands: `chntpw -u Administrator ${directory}/Windows/System32/config/SAM`,
    },
    unmount(directory),
  ];
}
