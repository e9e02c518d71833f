// What is drawn and made up: the same for the same seed, so that a test that failed fails again.

/** A UUID made from a number: the same for the same one, and unlike its neighbours (a multiplicative hash). */
export function uuid(number: number): string {
  const word = (index: number) => (Math.imul(number * 4 + index + 1, 0x9e3779b1) >>> 0).toString(16).padStart(8, "0");
  const hex = [0, 1, 2, 3].map(word).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** Gives the next number, from 0 to below 1. */
export type Random = () => number;

/** Evenly spread numbers, the same for the same seed (mulberry32). */
export function randomNumbers(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Two independent draws from the standard normal distribution (Box and Muller). */
export function normalPair(random: Random): [number, number] {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  const angle = 2 * Math.PI * random();
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}

/** So many new things one simulator may name before it comes to the names of the next. */
const SERIALS = 100_000;

/** So many seeds have names of their own, each of which is an exact number. */
const SEEDS = 20_000;

/** How many simulators were given no seed. */
let unseeded = 0;

/** The number of which a simulator makes its first new thing: without a seed another one each time. */
export const firstSerial = (seed: number | undefined): number => ((seed ?? ++unseeded) % SEEDS) * SERIALS;
