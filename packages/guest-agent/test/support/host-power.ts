const PRIME = 2n ** 107n - 1n;

/** `base` to the power of `exponent` modulo the protocol's prime, from the exponent's first bit down. */
export function hostPower(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % PRIME;
    if (bit === "1") result = (result * base) % PRIME;
  }
  return result;
}
