// A value of JSON as it is written in JavaScript.

/** An object or list that ends beyond this column is written over several lines: as wide as the recipes are. */
const WIDTH = 118;

/** `indent` is that of the line it stands in, `taken` how much of the line is before it. */
export function literal(value: unknown, indent = "", taken = 0): string {
  const short = inLine(value);
  if (typeof value !== "object" || value === null || indent.length + taken + short.length <= WIDTH) return short;
  const inner = `${indent}  `;
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  const parts = Array.isArray(value)
    ? value.map((item) => literal(item, inner))
    : Object.entries(value).map(([name, item]) => `${key(name)}: ${literal(item, inner, key(name).length + 2)}`);
  return `${open ?? ""}\n${parts.map((part) => `${inner}${part},\n`).join("")}${indent}${close ?? ""}`;
}

function inLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inLine).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([name, item]) => `${key(name)}: ${inLine(item)}`);
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}

const key = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));
