/** Makes elements. What a store wrote becomes text nodes only, and shows what it hides. */
import { sanitizeForTerminal } from '../../../present/sanitize.ts';

type Attributes = Readonly<Record<string, string | number | undefined>>;
export type Child = Node | string;

const SVG = 'http://www.w3.org/2000/svg';

/** Attributes are ours alone, or numbers. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  return fill(document.createElement(name), attributes, children);
}

export function shape<K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[K] {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

function fill<E extends Element>(made: E, attributes: Attributes, children: readonly Child[]): E {
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined) made.setAttribute(name, String(value));
  made.append(...children.map((child) => (typeof child === 'string' ? sanitizeForTerminal(child) : child)));
  return made;
}
