/** Questions to ask next. Each stands on its own; one whose names would not survive quoting is left out. */
import type { Named } from '../../finding/refs.ts';

const MOST = 3;
const PLAIN = /^[\p{L}\p{N}][\p{L}\p{N} _./:-]{0,79}$/u;

type Question = string | undefined;

/** Puts names into a question, in quotes; undefined where a name is missing or could be misread. */
function ask(parts: TemplateStringsArray, ...names: readonly (string | undefined)[]): Question {
  if (names.some((name) => name === undefined || !PLAIN.test(name))) return undefined;
  return parts.reduce((text, part, i) => `${text}"${names[i - 1]}"${part}`);
}

export const describeQuestion = (experiment: string | undefined): Question => ask`Describe experiment ${experiment}`;

export const bestQuestion = (metric: string | undefined, experiment: string | undefined): Question =>
  ask`Which run has the best ${metric} in ${experiment}?`;

export const impactQuestion = (metric: string | undefined, experiment: string | undefined): Question =>
  ask`Which parameters matter most for ${metric} in ${experiment}?`;

export const averageQuestion = (metric: string, param: string | undefined, experiment: string | undefined): Question =>
  ask`What is the average ${metric} by ${param} in ${experiment}?`;

export const runQuestion = (run: Named | undefined): Question => ask`Show run ${run?.name || run?.id}`;

export const compareQuestion = (a: Named, b: Named | undefined): Question =>
  ask`Compare ${a.name || a.id} and ${b?.name || b?.id}`;

export function followUps(...questions: readonly Question[]): string[] {
  return questions.filter((question) => question !== undefined).slice(0, MOST);
}
