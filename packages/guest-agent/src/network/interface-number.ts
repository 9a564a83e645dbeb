/** Where the kernel says which number an interface has; managers name their state files by it. */
export function interfaceNumberFile(name: string): string {
  return `/sys/class/net/${name}/ifindex`;
}

/** The file of a manager's state directory (it ends in `/`) that is about an interface, if there is one. */
export function stateOf(
  name: string,
  { directory, files }: { readonly directory: string; readonly files: ReadonlyMap<string, string> },
): string | undefined {
  const number = files.get(interfaceNumberFile(name))?.trim();
  return number === undefined ? undefined : files.get(directory + number);
}
