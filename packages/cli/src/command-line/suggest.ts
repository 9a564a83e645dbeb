/** How many letters may be wrong in a name that is suggested in place of another one. */
const WRONG_LETTERS_MAX = 2;

/** ` (Did you mean version?)` when a name is nearly what was given, else nothing. */
export function suggest(given: string, names: readonly string[]): string {
  const distances = names.map((name) => ({ name, distance: distanceOf(given, name) }));
  const [nearest] = distances.toSorted((left, right) => left.distance - right.distance);
  if (nearest === undefined || nearest.distance > WRONG_LETTERS_MAX) return "";
  return ` (Did you mean ${nearest.name}?)`;
}

/** Letters that are to be put in, taken out, changed or exchanged with the next one (Damerau-Levenshtein). */
function distanceOf(left: string, right: string): number {
  // Names are short: what differs more than this is no slip.
  if (Math.abs(left.length - right.length) > WRONG_LETTERS_MAX) return Number.POSITIVE_INFINITY;
  let [beforeLast, last]: number[][] = [[], Array.from({ length: right.length + 1 }, (_, at) => at)];
  for (let row = 1; row <= left.length; row += 1) {
    const next = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const isSame = left[row - 1] === right[column - 1];
      const isSwapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      next[column] = Math.min(
        (last?.[column] ?? 0) + 1,
        (next[column - 1] ?? 0) + 1,
        (last?.[column - 1] ?? 0) + (isSame ? 0 : 1),
        isSwapped ? (beforeLast?.[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [beforeLast, last] = [last, next];
  }
  return last?.[right.length] ?? 0;
}
