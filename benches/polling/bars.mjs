// What this package promises, checked against what was measured.

const MOST_TIMES_OPTIMUM = {
  default: { lognormal45: 1.8, lognormal3: 1.8, exponential: 1.8, loguniform: 1.9, pareto: 2.4 },
  learned: { lognormal45: 1.3, lognormal3: 1.3, exponential: 1.3, loguniform: 1.5, pareto: 1.5 },
};

/** Of the default's requests × mean delay: what is learned saves requests at the same delay. */
const MOST_OF_DEFAULTS_PRODUCT = {
  lognormal45: 0.75,
  lognormal3: 0.8,
  pareto: 0.85,
  exponential: 0.75,
  loguniform: 0.85,
  bimodal: 0.85,
};

/** Of the default's delays: what is learned makes nobody wait longer. */
const MOST_OF_DEFAULTS_DELAY = { meanDelayS: 1.15, p95DelayS: 1.2 };

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
  for (const { key, title, subjects } of scenarios) {
    const ofDefault = (figure) => figure(subjects.learned) / figure(subjects.default);
    const text = `learned ÷ default, ${title}`;
    const product = ofDefault(({ requests, meanDelayS }) => requests * meanDelayS);
    atMost(`${text}: requests × delay`, product, MOST_OF_DEFAULTS_PRODUCT[key]);
    atMost(`${text}: mean delay`, ofDefault(({ meanDelayS }) => meanDelayS), MOST_OF_DEFAULTS_DELAY.meanDelayS);
    atMost(`${text}: p95 delay`, ofDefault(({ p95DelayS }) => p95DelayS), MOST_OF_DEFAULTS_DELAY.p95DelayS);
  }
  const [{ title, subjects: first }] = scenarios;
  below(`learned, against gax, ${title}: requests`, first.learned.requests, first.gax.requests);
  // smithy asks so rarely that it sees a task's end half a minute late: no schedule has as few requests at a tenth of that.
  const cost = ({ requests, meanDelayS }) => requests * meanDelayS;
  below(`learned, against smithy, ${title}: requests × delay`, cost(first.learned), cost(first.smithy));
  for (const peer of ["gax", "smithy"]) {
    below(`learned, against ${peer}, ${title}: mean delay in s`, first.learned.meanDelayS, first[peer].meanDelayS);
  }
  const ofCrowd = (size) => crowds.find(({ tasks }) => tasks === size).subjects.default;
  const [some, many] = [ofCrowd(500), ofCrowd(10_000)];
  atMost("500 tasks: 429s", some.refused, 0);
  atMost("500 tasks: mean delay in s", some.meanDelayS, 13);
  atMost("500 tasks: p95 delay in s", some.p95DelayS, 30);
  atMost("500 tasks: unfinished", some.gaveUp, 0);
  atMost("10,000 tasks: 429s", many.refused, 0);
  atLeast("10,000 tasks: share of the budget used", many.budgetUsed, 0.95);
  atMost("10,000 tasks: unfinished", many.gaveUp, 0);
  return bars;
}
