// The code in a Markdown page: blocks whose fence names a file (```js first.mjs), each with what it prints, where a block
// of text follows.
const FENCES = /^```(?<language>\w+)(?: (?<file>\S+))?\n(?<code>[^]*?)^```$/gm;

/** `{ file, code, output }` of each named block; `output` is undefined where none follows. */
export function snippetsOf(page) {
  const blocks = [...page.matchAll(FENCES)].map(({ groups, index, 0: { length } }) => ({ ...groups, index, end: index + length }));
  return blocks.flatMap(({ file, code, end }, place) => {
    if (file === undefined) return [];
    const next = blocks[place + 1];
    const follows = next?.language === "text" && !/^(```|#)/m.test(page.slice(end, next.index));
    return [{ file, code, output: follows ? next.code : undefined }];
  });
}

/** How many lines a user writes: blank ones, comments and imports are not counted. */
export const linesOf = (code) =>
  code.split("\n").filter((line) => line.trim() !== "" && !/^\s*(\/\/|\/?\*)|^import\b/.test(line)).length;

/** A pattern of what was printed: … stands for what differs from run to run. */
export function printedAs(output) {
  const literal = (text) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  return new RegExp(`^${output.split("…").map(literal).join(".*")}$`);
}
