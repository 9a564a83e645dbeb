import { agentFiles } from "./agent-files.ts";
import { controlFiles } from "./control-files.ts";
import { file, type PackagedFile } from "./packaged-file.ts";
import type { Format, PackageName, PackageOptions } from "./package-options.ts";

/** A package: a program and what belongs to it. */
export interface PackageDescription {
  /** The manual's pages, each with its section as the ending. */
  readonly manualPages: readonly string[];
  /** What is in it beside its manual. */
  readonly filesOf: (options: Pick<ContentsOptions, "format" | "program">) => readonly PackagedFile[];
}

/** Every package by its name. */
export const packageDescriptions: Readonly<Record<PackageName, PackageDescription>> = {
  "nova-agent": {
    manualPages: [
      "nova-agent.8",
      "nova-agent-network.8",
      "nova-agent-undo.8",
      "nova-agent-doctor.8",
      "nova-agent-rescue.8",
      "nova-agent-status.8",
      "xe-daemon.8",
      "xe-linux-distribution.8",
      "nova-agent.conf.5",
    ],
    filesOf: ({ format, program }) => [executable("nova-agent", program), ...agentFiles(format)],
  },
  guestctl: {
    manualPages: ["guestctl.8"],
    filesOf: ({ program }) => [executable("guestctl", program)],
  },
  "nova-control": {
    manualPages: ["nova-control.8", "nova-control.conf.5"],
    filesOf: ({ format, program }) => controlFiles(format, program),
  },
};

/** A package to be filled. */
export interface ContentsOptions extends Pick<PackageOptions, "name" | "program"> {
  readonly format: Format;
}

/** Everything in a package. */
export function contentsOf({ name, format, program }: ContentsOptions): readonly PackagedFile[] {
  const { manualPages, filesOf } = packageDescriptions[name];
  return [
    ...filesOf({ format, program }),
    ...(format === "tar"
      ? [file(`usr/lib/${name}/uninstall.sh`, `tar/${name}/uninstall.sh`, { mode: 0o755 })]
      : []),
    ...manualPages.map((page) =>
      file(`usr/share/man/man${page.slice(-1)}/${page}.gz`, `man/${page}`, { isCompressed: true }),
    ),
    file(`usr/share/doc/${name}/changelog.gz`, "../CHANGELOG.md", { isCompressed: true }),
    // Debian's name of it (Debian Policy, 12.5).
    file(`usr/share/doc/${name}/${format === "deb" ? "copyright" : "LICENSE"}`, "../LICENSE"),
  ];
}

function executable(name: string, program: string): PackagedFile {
  return file(`usr/bin/${name}`, program, { mode: 0o755 });
}
