// What the library says, in the words of the command: who types options knows neither the library's options nor its functions.
import { FIELD_OPTIONS } from "./families.js";
import { kebab } from "./names.js";

type Reword = (found: string, part: string) => string;

const WORDS: readonly (readonly [library: RegExp, command: string | Reword])[] = [
  [/Does baseUrl answer\?\.?/g, "Does --base-url answer?"],
  [/\b(baseUrl|apiVersion)\b/g, (name) => `--${kebab(name)}`],
  [/\b(origins|path): got/g, (_, name) => `--${name}: got`],
  [/\btimeoutMs \((\d+)/g, (_, ms) => `--timeout (${ms} ms`],
  [/Wait longer, or give this error's checkpoint to resume\(\)/g, "Give it longer by --timeout"],
  [/\btaskId: got/g, "the id: got"],
  [/\brequest\.(\w+)/g, (found, field) => (FIELD_OPTIONS.has(field) ? `--${FIELD_OPTIONS.get(field)}` : found)],
  [/: a string, a safe integer or a bigint/g, ""],
  [/, or a relative one in a page/g, ""],
  [/, or take download\(\)/g, ", or give --output a name that does not end in .csv"],
  [/\b(fileImport|folderUpdate|sourceCodeExtract)\b/g, kebab],
];

export const inCommandsWords = (text: string): string => WORDS.reduce((said, [library, command]) => said.replace(library, command as string), text);
