// Whether what was measured again and again stays where it is. Judged by its slope after a warm-up: how much a line through
// the samples grows, and whether that is more than their noise.

/** So much of a run, in the beginning, fills caches and compiles. */
const WARM_UP = 0.4;

/** A slope of so many standard errors is no noise. */
const SURE = 4;

/** What grows by so little of itself while more than half of a run passes would take long to be noticed. */
const SMALL_SHARE = 0.02;

/** `{ slope, error, growth, level, isFlat }` of samples `{ units, value }`: per unit, and over what is judged. */
export function judge(samples) {
  const judged = samples.slice(Math.ceil(samples.length * WARM_UP));
  if (judged.length < 5) throw new Error(`${judged.length} samples after the warm-up are too few to judge by`);
  const mean = (of) => judged.reduce((sum, sample) => sum + of(sample), 0) / judged.length;
  const [units, level] = [mean((sample) => sample.units), mean((sample) => sample.value)];
  const spread = judged.reduce((sum, sample) => sum + (sample.units - units) ** 2, 0);
  const slope = judged.reduce((sum, sample) => sum + (sample.units - units) * (sample.value - level), 0) / spread;
  const residual = judged.reduce((sum, { units: at, value }) => sum + (value - level - slope * (at - units)) ** 2, 0);
  const error = Math.sqrt(residual / (judged.length - 2) / spread);
  const growth = slope * (judged.at(-1).units - judged[0].units);
  const isFlat = slope <= SURE * error || growth <= SMALL_SHARE * level;
  return { slope, error, growth, level, isFlat };
}

/** Whether a count is the same in each sample after the warm-up. */
export function isConstant(samples) {
  const judged = samples.slice(Math.ceil(samples.length * WARM_UP));
  return judged.every(({ value }) => value === judged[0].value);
}
