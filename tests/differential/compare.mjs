// Where two traces of one scenario differ. All is compared, in its order: requests, what calls and observers were told, and
// what was known in the end.

/** The crate's trace as the package's would be: an iterator of statuses ends where its task does, however that ends. */
export function asThePackages(trace, scenario) {
  const acts = scenario.turns.flatMap(({ acts }) => acts);
  const watches = new Set(acts.filter((act) => act.do === "watch").map(({ call }) => call));
  const calls = trace.calls.map(({ call, told }) => {
    const isOver = ({ end }) => end?.is === "finished" || ["CANCELED", "FAILED"].includes(end?.code);
    const last = told.at(-1);
    if (!watches.has(call) || !last || !isOver(last)) return { call, told };
    return { call, told: [...told.slice(0, -1), { end: { is: "over" }, at: last.at }] };
  });
  return { ...trace, calls };
}

/** "place: what the package has, what the crate has", for each leaf that differs. */
export function differences(ofPackage, ofCrate, place = "") {
  const areObjects = [ofPackage, ofCrate].every((value) => typeof value === "object" && value !== null);
  if (!areObjects) {
    const isSame = Object.is(ofPackage, ofCrate);
    return isSame ? [] : [`${place}: the package has ${JSON.stringify(ofPackage)}, the crate ${JSON.stringify(ofCrate)}`];
  }
  const keys = new Set([...Object.keys(ofPackage), ...Object.keys(ofCrate)]);
  return [...keys].flatMap((key) => differences(ofPackage[key], ofCrate[key], place === "" ? key : `${place}.${key}`));
}
