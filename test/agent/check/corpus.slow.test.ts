import { beforeAll, describe, expect, it } from 'vitest';
import type { Evidence } from '../../../src/agent/check/evidence.ts';
import { compose, readEvidence, readStatements, type Score, type Statement, score } from './corpus/corpus.ts';

/** Percent that must be marked, and of the true ones may: what is reached, less what a few statements make. Far from 97 and 0.5. */
interface Bounds {
  readonly most: number;
  readonly least: Readonly<Record<string, number>>;
}

const SEED = 11;
const statements = readStatements();
const isBy = (...writers: readonly string[]) => {
  const own = new Set(writers);
  return ({ id }: Statement) => own.has(id.split('-')[0]!);
};

const GROUPS: readonly (readonly [name: string, some: () => Statement[], bounds: Bounds])[] = [
  [
    'as the system prompt asks for them',
    () => statements.filter(isBy('w14', 'w17')),
    { most: 10, least: { false: 66, name: 95, time: 80 } },
  ],
  [
    'by the last writers, for whom little was changed',
    () => statements.filter(isBy('w17', 'w18', 'w19')),
    { most: 13, least: { false: 63, digits: 88, cause: 78, order: 35 } },
  ],
  [
    'of all, and paragraphs and lists made of them',
    () => [...statements, ...compose(statements, 700, true, SEED), ...compose(statements, 500, false, SEED)],
    { most: 9, least: { false: 73, digits: 90, name: 89, cause: 84, time: 82, status: 77 } },
  ],
];

const percent = ({ count, marked }: Score): number => (100 * marked) / count;

describe('statements about findings', () => {
  let evidence: ReadonlyMap<number, Evidence>;
  beforeAll(async () => {
    evidence = await readEvidence();
  }, 60_000);

  it.each(GROUPS)(
    '%s',
    async (_, some, { most, least }) => {
      const scores = await score(some(), evidence);
      for (const [kind, floor] of Object.entries(least))
        expect(percent(scores.get(kind)!), kind).toBeGreaterThanOrEqual(floor);
      expect(percent(scores.get('true')!), 'true').toBeLessThanOrEqual(most);
    },
    240_000,
  );
});
