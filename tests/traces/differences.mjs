// Compares what was recorded of a test with what is expected.

/** The tests of a recorded file, by name: `{ failed, streams }`, a stream being its things in their order. */
export function testsOf(lines) {
  const tests = new Map();
  for (const line of lines.split("\n").filter(Boolean)) {
    const { test: name, failed = false, client, stream, what, when } = JSON.parse(line);
    if (!tests.has(name)) tests.set(name, { failed: false, streams: new Map() });
    const test = tests.get(name);
    test.failed ||= failed;
    if (stream) test.streams.set(`client ${client}, ${stream}`, thingsOf(what, when));
  }
  return tests;
}

/** In their order, as they are shown and compared: instant and content. */
function thingsOf(what, when) {
  const contents = what.map((content) => JSON.stringify(content));
  return when.flatMap(([at, ...indices]) => indices.map((index) => ({ at, content: contents[index] })));
}

/**
 * What differs, in lines to print, at most `most` things of a stream. That things of one instant come in another order
 * is told apart, and no difference: but for the events of one task, whose order is their observer's contract.
 */
export function differencesOf(expected, got, most) {
  if (!expected) return { lines: got.failed ? ["it is new, and fails"] : [], isNew: true, isReordered: false };
  if (!got) return { lines: ["nothing was recorded: the test is gone, or its file did not run"], isNew: false, isReordered: false };
  const lines = got.failed ? ["the test fails"] : [];
  let isReordered = false;
  for (const stream of new Set([...expected.streams.keys(), ...got.streams.keys()])) {
    const [before, after] = [expected, got].map(({ streams }) => streams.get(stream) ?? []);
    const [missing, extra] = [without(before, after), without(after, before)];
    const isInOrder = before.every((thing, index) => isSame(thing, after[index]));
    if (missing.length || extra.length) lines.push(stream, ...shown("expected", missing, most), ...shown("got", extra, most));
    else if (!isInOrder && stream.includes("events of "))
      lines.push(`${stream}: the order`, ...shown("expected", before, most), ...shown("got", after, most));
    else isReordered ||= !isInOrder;
  }
  return { lines, isNew: false, isReordered };
}

const isSame = (one, other) => one.at === other?.at && one.content === other.content;

/** The things of a list that another one has not, or not as often. */
function without(things, others) {
  const key = ({ at, content }) => `${at} ${content}`;
  const left = new Map();
  for (const other of others) left.set(key(other), (left.get(key(other)) ?? 0) + 1);
  return things.filter((thing) => {
    const count = left.get(key(thing)) ?? 0;
    left.set(key(thing), count - 1);
    return count <= 0;
  });
}

function shown(title, things, most) {
  const lines = things.slice(0, most).map(({ at, content }) => `  ${title} at ${at ?? "?"}: ${content}`);
  return things.length > most ? [...lines, `  ${title}: ${things.length - most} more (--all prints them)`] : lines;
}
