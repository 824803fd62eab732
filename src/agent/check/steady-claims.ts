/** What is said to rise or fall from each to the next: values over weeks, or over the numbers of a parameter. */
import { STEADY, TRENDS } from '../terms/comparison.ts';
import { segmentOf, shapesBetween } from './clauses.ts';
import type { Evidence } from './evidence.ts';
import type { CellFact } from './facts.ts';
import type { Sentence } from './sentence.ts';

type Point = readonly [place: number, value: number];

const FEWEST = 3;

/** Undefined: nothing is said to go on steadily, or no list tells of it. */
export function steady(sentence: Sentence, at: number, evidence: Evidence): boolean | undefined {
  const { lower } = sentence.tokens[at]!;
  const two = `${lower}_${sentence.tokens[at + 1]?.lower ?? ''}`;
  const way = TRENDS.get(lower) ?? TRENDS.get(two);
  if (way === undefined || !STEADY.test(wordsOf(sentence, at))) return undefined;
  const lists = pointsFor(sentence, evidence);
  if (lists.length === 0) return undefined;
  return lists.some((points) => isSteady(points, way));
}

function wordsOf(sentence: Sentence, at: number): string {
  const [from] = segmentOf(sentence, at);
  const words = sentence.tokens
    .slice(from)
    .map(({ lower }, index) => (sentence.shapes[from + index] === 'M' ? 'M' : lower));
  return words.join(' ');
}

const isSteady = (points: readonly Point[], way: 'up' | 'down'): boolean =>
  points.every(([, value], index) => {
    const before = points[index - 1]?.[1];
    return before === undefined || (way === 'up' ? value > before : value < before);
  });

/** Of the measures that are named: by the numbers and weeks that groups are called, or by a parameter that is named. */
function pointsFor(sentence: Sentence, { facts }: Evidence): Point[][] {
  const keys = new Set(sentence.measures.flatMap((one) => [...one.keys]));
  const isCount = /(?:^| )(?:number|count|counts|runs)(?: |$)/.test(shapesBetween(sentence, 0));
  const isMeant = (measure: string) => keys.has(measure) || (isCount && /^(?:runs|count)$/.test(measure));
  const byGroup = facts.columns
    .filter(({ measure, cut }) => isMeant(measure) && cut === 0)
    .map(({ facts: own }) => inOrder(own.flatMap((fact) => pointOf(placeOfLabel(fact.owner), fact))));
  const params = [...keys].flatMap((key) => facts.byMeasure.get(key) ?? []).filter(({ kind }) => kind === 'param');
  const places = new Map(
    params.flatMap(({ owner, value }) => (typeof value === 'number' ? [[owner, value] as const] : [])),
  );
  const byParam = facts.columns
    .filter(
      ({ measure, cut, facts: own }) => isMeant(measure) && cut === 0 && own.every(({ kind }) => kind === 'metric'),
    )
    .map(({ facts: own }) => inOrder(own.flatMap((fact) => pointOf(places.get(fact.owner), fact))));
  return [...byGroup, ...byParam].filter((points) => points.length >= FEWEST);
}

const pointOf = (place: number | undefined, { value }: CellFact): Point[] =>
  place === undefined || typeof value !== 'number' ? [] : [[place, value]];

const inOrder = (points: Point[]): Point[] => points.sort(([a], [b]) => a - b);

/** `group:64` and `group:2026_10_05`. */
function placeOfLabel(owner: string | undefined): number | undefined {
  const [, label = ''] = /^group:(.+)$/.exec(owner ?? '') ?? [];
  const day = Date.parse(label.replaceAll('_', '-'));
  if (/^\d{4}_\d\d_\d\d$/.test(label)) return day;
  return label !== '' && Number.isFinite(Number(label)) ? Number(label) : undefined;
}
