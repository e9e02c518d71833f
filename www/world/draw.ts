// What is drawn: by what it is for, never by the order of asking, so that both lanes draw the same.

/** A number from 0 to below 1: the same for the same numbers, and unlike that of their neighbours. */
export function draw(seed: number, ...about: readonly number[]): number {
  let state = mix(seed);
  for (const number of about) state = mix(state ^ mix(number + 0x9e3779b9));
  return (state >>> 0) / 2 ** 32;
}

/** The finaliser of MurmurHash3. */
function mix(number: number): number {
  let bits = number | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

/** One of the standard normal distribution (Box and Muller). */
export function drawNormal(seed: number, ...about: readonly number[]): number {
  const radius = Math.sqrt(-2 * Math.log(1 - draw(seed, ...about, 1)));
  return radius * Math.cos(2 * Math.PI * draw(seed, ...about, 2));
}
