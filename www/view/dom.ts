// Elements, made in one expression. Text goes in as text, never as HTML. No inline style: the page's policy forbids it.

type Properties<Tag extends keyof HTMLElementTagNameMap> = Partial<Omit<HTMLElementTagNameMap[Tag], "style" | "dataset" | "attributes">> & {
  /** Attributes that are no properties. */
  readonly attributes?: Readonly<Record<string, string>>;
};

export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  { attributes = {}, ...properties }: Properties<Tag> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = Object.assign(document.createElement(tag), properties);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Writes only what changed: a screen reader and the layout have nothing to do with the rest. */
export function write(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

let ids = 0;

/** An id for what is named by another element. */
export const newId = (): string => `id-${String(++ids)}`;
