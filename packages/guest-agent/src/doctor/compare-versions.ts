/**
 * Compares two versions, numbers as numbers and the rest as text, as hosts do (distutils' LooseVersion):
 * negative when the first is older.
 */
export function compareVersions(one: string, other: string): number {
  const [left, right] = [partsOf(one), partsOf(other)];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const [a, b] = [left[index] ?? "0", right[index] ?? "0"];
    const difference = Number(a) - Number(b);
    if (difference !== 0 && !Number.isNaN(difference)) return difference;
    if (Number.isNaN(difference) && a !== b) return a < b ? -1 : 1;
  }
  return 0;
}

/** Without Debian's epoch and revision. */
function partsOf(version: string): readonly string[] {
  return (
    version
      .replace(/^\d+:/, "")
      .replace(/-[^-]*$/, "")
      .match(/\d+|[a-z]+/gi) ?? []
  );
}
