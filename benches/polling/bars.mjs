// What this package promises, checked against what was measured.

const MOST_TIMES_OPTIMUM = {
  default: { lognormal45: 1.8, lognormal3: 1.8, exponential: 1.8, loguniform: 1.9, pareto: 2.4 },
  learned: { lognormal45: 1.3, lognormal3: 1.3, exponential: 1.3, loguniform: 1.5, pareto: 1.5 },
};

/** Requests × mean delay: less of one for as much more of the other is no gain. */
const MOST_OF_DEFAULTS_PRODUCT = 1.1;

/** `{ text, measured, limit, isMet }` for each promise. */
export function checkBars({ scenarios, crowds }) {
  const bars = [];
  const bar = (text, measured, limit, isMet) => bars.push({ text, measured, limit, isMet });
  const atMost = (text, measured, limit) => bar(text, measured, `≤ ${limit}`, measured <= limit);
  const atLeast = (text, measured, limit) => bar(text, measured, `≥ ${limit}`, measured >= limit);
  const below = (text, measured, limit) => bar(text, measured, `< ${limit.toFixed(2)}`, measured < limit);

  for (const [who, limits] of Object.entries(MOST_TIMES_OPTIMUM)) {
    for (const { key, title, subjects } of scenarios.filter(({ key }) => key in limits)) {
      atMost(`${who}, ${title}: delay ÷ optimum`, subjects[who].timesOptimum, limits[key]);
    }
  }
  for (const { title, subjects } of scenarios) {
    const product = (who) => subjects[who].requests * subjects[who].meanDelayS;
    const text = `learned ÷ default, ${title}: requests × delay`;
    atMost(text, product("learned") / product("default"), MOST_OF_DEFAULTS_PRODUCT);
  }
  const [{ title, subjects: first }] = scenarios;
  for (const peer of ["gax", "smithy"]) {
    below(`learned, against ${peer}, ${title}: requests`, first.learned.requests, first[peer].requests);
    below(`learned, against ${peer}, ${title}: mean delay in s`, first.learned.meanDelayS, first[peer].meanDelayS);
  }
  const ofCrowd = (size) => crowds.find(({ tasks }) => tasks === size).subjects.default;
  const [some, many] = [ofCrowd(500), ofCrowd(10_000)];
  atMost("500 tasks: 429s", some.refused, 0);
  atMost("500 tasks: requests per task", some.requests, 5.3);
  atMost("500 tasks: mean delay in s", some.meanDelayS, 15);
  atMost("500 tasks: unfinished", some.gaveUp, 0);
  atMost("10,000 tasks: 429s", many.refused, 0);
  atLeast("10,000 tasks: share of the budget used", many.budgetUsed, 0.95);
  atMost("10,000 tasks: unfinished", many.gaveUp, 0);
  return bars;
}
