/** A family of data: what the program can be asked about one part of MLflow. */
import { KINDS } from '../query/kinds/index.ts';
import type { Kind } from '../query/kinds/kind.ts';
import type { Tool } from '../tools/define/tool.ts';
import { tools } from '../tools/index.ts';

export interface Family {
  readonly name: string;
  /** What it holds: offline knows their nouns. */
  readonly kinds?: readonly Kind[] | undefined;
  readonly tools: readonly Tool[];
}

/** What the program comes with. */
export const shipped: Family = { name: 'shipped', kinds: KINDS, tools };

/** What an app is made with, as far as it says what can be asked. */
export interface Offering {
  /** Default: what the program comes with. */
  readonly families?: readonly Family[] | undefined;
  /** One's own, behind those of the families. */
  readonly tools?: readonly Tool[] | undefined;
}

export const kindsOf = ({ families = [shipped] }: Offering): readonly Kind[] =>
  families.flatMap((family) => family.kinds ?? []);

/** In the order that models see. @throws Error where two have one name, or one has a verb that its kind has not. */
export function toolsOf({ families = [shipped], tools: own = [] }: Offering): readonly Tool[] {
  const all = [...families.flatMap((family) => family.tools), ...own];
  const names = all.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`two tools are called "${twice}": give one of them another name`);
  checkVerbs(all, kindsOf({ families }));
  return all;
}

/** What can be asked of things is said by their kind; a tool of a kind that no family describes is reached by models. */
function checkVerbs(tools: readonly Tool[], kinds: readonly Kind[]): void {
  for (const { name, kind, verbs } of tools) {
    const described = kinds.find((one) => one.name === kind);
    const other = described && verbs.find((verb) => !described.verbs.includes(verb));
    if (other !== undefined) throw new Error(`${name}: "${other}" is no verb of the kind ${kind}: add it there`);
  }
}
