/** "None diverged", "all are noise", "rose every week": against what a finding says became of them. */
import { TRENDS } from '../terms/comparison.ts';
import { COUNTED } from '../terms/counting.ts';
import { VERDICTS } from '../terms/status.ts';
import type { Evidence } from './evidence.ts';
import { membersOf } from './populations.ts';
import { anyOf, type Sweep } from './sweep.ts';

export function curveVerdictOf({ sentence, at, end, kind, count }: Sweep, evidence: Evidence): boolean | undefined {
  const place = sentence.tokens.findIndex(({ lower }, index) => index > at && index < end && VERDICTS.has(lower));
  if (place < 0 || kind === 'only' || COUNTED.has(sentence.tokens[place + 1]?.lower ?? '')) return undefined;
  const verdict = VERDICTS.get(sentence.tokens[place]!.lower)!;
  const judged = evidence.stretches.filter(
    ({ words, owners }) => owners.size > 0 && [...words].some((word) => VERDICTS.has(word)),
  );
  const holding = new Set(
    judged
      .filter(({ words }) => [...words].some((word) => VERDICTS.get(word) === verdict))
      .flatMap(({ owners }) => [...owners]),
  );
  if (judged.length === 0) return undefined;
  if (kind === 'none') return holding.size === 0;
  const size = count ?? Math.max(...evidence.findings.map(({ coverage }) => coverage.considered));
  return kind === 'all' ? holding.size >= size : holding.size < size;
}

/** "rose every week". */
export function trendOf({ kind, sentence, at }: Sweep, { facts }: Evidence): boolean | undefined {
  const unit = COUNTED.get(sentence.tokens[at + 1]?.lower ?? '');
  if (kind !== 'all' || (unit !== 'week' && unit !== 'day')) return undefined;
  const before = sentence.tokens.slice(Math.max(0, at - 4), at).map(({ lower }) => lower);
  const way = before
    .map(
      (word) =>
        TRENDS.get(word) ??
        ({ better: 'up', improved: 'up', higher: 'up', worse: 'down', lower: 'down' } as const)[word],
    )
    .find((one) => one !== undefined);
  if (way === undefined || before.some((word) => /^(?:not|never|n't|didn't)$/.test(word))) return undefined;
  return anyOf(
    facts.columns
      .filter((column) => column.facts[0]?.statistic === 'mean')
      .map((column) => {
        const values = membersOf(column).map(({ value }) => Number(value));
        return values.length < 2
          ? undefined
          : values.every(
              (value, index) => index === 0 || (way === 'up' ? value > values[index - 1]! : value < values[index - 1]!),
            );
      }),
  );
}
