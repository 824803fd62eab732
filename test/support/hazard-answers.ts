/** Whether a store with a hostile name answers as the same store under a plain one does. */
import type { Answer } from '../../src/agent/events.ts';
import { idsOfKind } from '../../src/finding/refs.ts';
import { answerOf, createOfflineApp } from '../evals/asking.ts';
import { makeTemporaryFolder } from './demo.ts';
import { type Hazard, PLAIN, QUESTIONS, questionsOf, type Role, writeHazardStore } from './hazard-names.ts';

export async function askAll(hazard: Hazard, questions: readonly string[]): Promise<Answer[]> {
  using folder = makeTemporaryFolder();
  await using app = createClosing(writeHazardStore(folder.path, hazard));
  const answers: Answer[] = [];
  for (const question of questions) answers.push(await answerOf(app.app, question));
  return answers;
}

function createClosing(path: string) {
  const app = createOfflineApp(`sqlite:///${path}`);
  return { app, [Symbol.asyncDispose]: () => app.close() };
}

/** What turned out otherwise than under the plain name, a line each. */
export async function differences(hazard: Hazard, questions: readonly string[]): Promise<string[]> {
  const plain = await plainAnswers(hazard.role);
  const asked = [...questions, ...questionsOf(hazard)];
  const twins = [...questions, ...questionsOf({ role: hazard.role, name: PLAIN })];
  const answers = await askAll(hazard, asked);
  return answers.flatMap((answer, at) => {
    const twin = plain.get(twins[at] ?? '');
    const difference = twin === undefined ? 'no such question' : differenceOf(answer, twin, hazard.name);
    if (difference === undefined) return [];
    return [`${hazard.role} \`${hazard.name}\` · ${asked[at]}\n  ${difference}: ${answer.text.split('\n')[0]}`];
  });
}

const known = new Map<Role, Promise<ReadonlyMap<string, Answer>>>();

/** Every question's answer under the plain name, asked once. */
function plainAnswers(role: Role): Promise<ReadonlyMap<string, Answer>> {
  const plain = { role, name: PLAIN };
  const questions = [...QUESTIONS, ...questionsOf(plain)];
  const answers =
    known.get(role) ??
    askAll(plain, questions).then((all) => new Map(all.map((answer, at) => [questions[at] ?? '', answer])));
  known.set(role, answers);
  return answers;
}

/** Asked back with choices, or refused with what there is, is as good as the same answer; anything else is a fault. */
function differenceOf(answer: Answer, plain: Answer, name: string): string | undefined {
  if (!isAnswered(plain)) return `unanswered under the plain name (${plain.text})`;
  if (answer.status === 'clarify') return answer.choices.length > 1 ? undefined : 'asked back without choices';
  if (answer.status === 'cannot') return undefined;
  if (!isAnswered(answer)) return answer.status;
  return isSame(factsOf(answer), factsOf(plain), name) ? undefined : 'another answer';
}

const isAnswered = ({ status }: Answer): boolean => status === 'answered' || status === 'partial';

/** What was found, apart from its words: which runs, how many, which figures. */
function factsOf({ findings }: Answer): unknown {
  return findings.map(({ tool, subject, coverage, data }) => {
    const { matched, considered } = coverage;
    const found = { tool, runs: idsOfKind(subject.refs, 'run'), matched, considered };
    // Their order of keys, the chance of shuffling and what is better depend on names by right.
    const isByName = /^(?:analyze_parameter_impact|compare_runs|describe_experiment)$/.test(tool);
    return isByName ? found : { ...found, facts: data.facts ?? {}, rows: data.tables.map(({ rows }) => rows) };
  });
}

/** Equal where the hostile name stands for the plain one; lists that are sorted by name in any order. */
function isSame(a: unknown, b: unknown, name: string): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a === b || renamed(a, name) === b;
  if (typeof a === 'number' && typeof b === 'number') return Math.abs(a - b) < 1e-12;
  if (Array.isArray(a) && Array.isArray(b)) {
    const inOrder = a.length === b.length && a.every((one, at) => isSame(one, b[at], name));
    return inOrder || (a.length === b.length && a.every((one) => b.some((other) => isSame(one, other, name))));
  }
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return Object.is(a, b);
  const others = new Map(Object.entries(b));
  const own = Object.entries(a);
  return (
    own.length === others.size &&
    own.every(([key, value]) => {
      const twin = others.has(key) ? key : renamed(key, name);
      return others.has(twin) && isSame(value, others.get(twin), name);
    })
  );
}

/** A name alone, or as a key with its prefix. */
function renamed(text: string, name: string): string {
  if (text === name) return PLAIN;
  const [, prefix = '', rest] = /^((?:metrics|params|tags)\.)?(.*)$/s.exec(text) ?? [];
  return rest === name ? `${prefix}${PLAIN}` : text;
}
