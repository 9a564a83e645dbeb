const WINDOWS_MAX = 15;
const LABEL_MAX = 63;

/**
 * The host name that a guest gets by its server's name (nova, utils.py, sanitize_hostname); undefined when no
 * letter of the name can stand in one.
 */
export function hostNameOf(name: string, isWindows: boolean): string | undefined {
  const text = name
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[ _]/g, "-")
    .replaceAll(/[^a-z0-9.-]/g, "")
    .slice(0, LABEL_MAX)
    .replaceAll(/^[.-]+|[.-]+$/g, "");
  if (text === "") return undefined;
  return isWindows ? text.slice(0, WINDOWS_MAX) : text;
}
