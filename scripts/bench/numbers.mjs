/** Numbers from 0 to 1, the same on every run (a 32-bit xorshift). */
export function numbersFrom(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

export const pick = (random, list) => list[Math.floor(random() * list.length)];

/** @param weighed pairs of a weight and a value. */
export function pickWeighed(random, weighed) {
  let left = random() * weighed.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, value] of weighed) {
    left -= weight;
    if (left < 0) return value;
  }
  return weighed[0][1];
}
