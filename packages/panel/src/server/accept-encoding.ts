/** A form in which a file is at hand: as it is, or compressed. */
export type Coding = "identity" | "gzip" | "br";

/** The smallest first. */
const BY_SIZE = ["br", "gzip", "identity"] as const;

/**
 * The coding that a client likes best among those at hand, and of equals the smallest (RFC 9110, 12.5.3).
 * Without the header, and where nothing suits, the file goes as it is: that is understood everywhere.
 */
export function chooseCoding(accepted: string | null, available: ReadonlySet<Coding>): Coding {
  if (accepted === null) return "identity";
  const weights = parseWeights(accepted);
  let best: Coding = "identity";
  let bestWeight = 0;
  for (const coding of BY_SIZE) {
    const weight = weightOf(coding, weights);
    if (!available.has(coding) || weight <= bestWeight) continue;
    best = coding;
    bestWeight = weight;
  }
  return best;
}

function weightOf(coding: Coding, weights: ReadonlyMap<string, number>): number {
  // As it is, it is welcome unless something else was said, but everything that was named is more so.
  const unnamed = coding === "identity" ? Number.MIN_VALUE : 0;
  return weights.get(coding) ?? weights.get("*") ?? unnamed;
}

/** `br;q=0.8, *;q=0` as weights by coding; what is no weight counts as none. */
function parseWeights(header: string): ReadonlyMap<string, number> {
  return new Map(
    header.split(",").map((item) => {
      const [name = "", ...parameters] = item.split(";").map((part) => part.trim().toLowerCase());
      const weight = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
      const value = weight === undefined ? 1 : Number(weight);
      return [name === "x-gzip" ? "gzip" : name, value >= 0 && value <= 1 ? value : 0] as const;
    }),
  );
}
