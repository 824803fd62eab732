/** Which runs show what was looked for, which do not, and which cannot be told. */
import {
  type CurveDiagnosis,
  type CurveObstacle,
  FEWEST_EVALUATIONS,
  findObstacle,
  finiteValues,
} from '../../analysis/curve.ts';
import type { Caveat } from '../../finding/finding.ts';
import { countOf, formatCount } from '../../finding/format.ts';
import { quoteName } from '../../finding/quote.ts';
import { type Curve, isCurve } from './curves.ts';
import { curveRunText, judgementText } from './words.ts';

export const DIAGNOSES = {
  diverged: { kind: 'diverged', did: 'diverged', didNot: 'did not diverge' },
  overfitting: { kind: 'overfitting', did: 'overfitted', didNot: 'did not overfit' },
  plateau: { kind: 'plateau', did: 'reached a plateau', didNot: 'reached no plateau' },
  still_improving: {
    kind: 'still-improving',
    did: 'still improved at the end',
    didNot: 'no longer improved at the end',
  },
} as const;
export type Wanted = keyof typeof DIAGNOSES;

export interface Judged {
  readonly curve: Curve;
  readonly diagnosis: CurveDiagnosis;
}

/** A run of which nothing can be told, with the curve that came nearest to it. */
export interface Unjudged {
  readonly curve: Curve;
  readonly obstacle: CurveObstacle;
}

/** Curves run by run. `found` are curves, the others one per run. */
export interface Verdicts {
  readonly found: readonly Judged[];
  readonly without: readonly Curve[];
  readonly unjudged: readonly Unjudged[];
  /** Runs that do or do not show it. */
  readonly judged: number;
}

const NEAREST: readonly CurveObstacle[] = ['with too few points', 'of unknown direction', 'without a training curve'];
const NAMED_AT_MOST = 10;
const TEXTS_PER_RUN = 2;
const CAVEATS_NAMED = 4;

export function judgeRuns(wanted: Wanted, curves: readonly Curve[]): Verdicts {
  const { kind } = DIAGNOSES[wanted];
  const found = curves.flatMap((curve): Judged[] => {
    const diagnosis = curve.diagnoses.find((one) => one.kind === kind);
    return diagnosis === undefined ? [] : [{ curve, diagnosis }];
  });
  const showing = new Set(found.map(({ curve }) => curve.run.id));
  const rest = Map.groupBy(
    curves.filter(({ run }) => !showing.has(run.id)),
    ({ run }) => run.id,
  );
  const without: Curve[] = [];
  const unjudged: Unjudged[] = [];
  for (const own of rest.values()) {
    const obstacles = own.map((curve) => ({ curve, obstacle: findObstacle(curve.points, curve.options, kind) }));
    const clear = obstacles.find(({ obstacle }) => obstacle === undefined);
    const nearest = NEAREST.flatMap((one) => obstacles.find(({ obstacle }) => obstacle === one) ?? [])[0];
    if (clear !== undefined) without.push(clear.curve);
    else if (nearest?.obstacle !== undefined) unjudged.push({ curve: nearest.curve, obstacle: nearest.obstacle });
  }
  return { found, without, unjudged, judged: showing.size + without.length };
}

/** Unjudged runs by what kept them from it. */
export function countObstacles({ unjudged }: Verdicts): Map<CurveObstacle, number> {
  const groups = Map.groupBy(unjudged, ({ obstacle }) => obstacle);
  return new Map([...groups].map(([obstacle, all]) => [obstacle, all.length]));
}

/** `2 of 29 runs with enough points in `x` overfitted: … ; 3 runs have too few points`. */
export function scanSummary(wanted: Wanted, verdicts: Verdicts, where: string): string {
  const { did } = DIAGNOSES[wanted];
  const { judged } = verdicts;
  const rest = [...countObstacles(verdicts)]
    .map(([obstacle, runs]) => `${countOf(runs, 'run')} ${obstacle}${neededText(obstacle)}`)
    .join(', ');
  if (judged === 0) return `Whether any run ${where} ${did} cannot be told: ${rest}.`;
  const named = runTexts(verdicts.found);
  const of = `of ${countOf(judged, 'run')} with enough points ${where}`;
  const more = named.length > NAMED_AT_MOST ? `, +${formatCount(named.length - NAMED_AT_MOST)} more` : '';
  const told = named.slice(0, NAMED_AT_MOST).join(', ');
  const left = rest === '' ? '' : ` Of others it cannot be told: ${rest}.`;
  return named.length === 0
    ? `No run ${did}: 0 ${of}.${left}`
    : `${formatCount(named.length)} ${of} ${did}: ${told}${more}.${left}`;
}

/** Runs that were asked about by name: each gets its answer. */
export function namedSummary(wanted: Wanted, verdicts: Verdicts): string {
  const { did, didNot } = DIAGNOSES[wanted];
  const { found, without, unjudged } = verdicts;
  const list = (texts: readonly string[], said: string) => (texts.length === 0 ? [] : [`${texts.join(', ')} ${said}.`]);
  return [
    ...list(runTexts(found), did),
    ...list(
      without.map(({ run }) => curveRunText(run)),
      didNot,
    ),
    ...unjudged.map((one) => `Whether ${curveRunText(one.curve.run)} ${did} cannot be told: ${reasonText(one)}.`),
  ].join(' ');
}

/** What was not finite and yet did not diverge: curves that got over it, and metrics that were logged once. */
export function nonFiniteCaveats(curves: readonly Curve[], found: readonly Judged[]): Caveat[] {
  const diverged = new Set(found.map(({ curve }) => curve.run.id));
  const others = curves.filter(({ run, summary }) => !diverged.has(run.id) && summary.nonFinite > 0);
  const recovered = others.filter(isCurve).flatMap((curve) => {
    const diagnosis = curve.diagnoses.find(({ kind }) => kind === 'non-finite');
    return diagnosis === undefined ? [] : [nonFiniteText(curve, judgementText(curve, diagnosis))];
  });
  const single = others.filter((curve) => !isCurve(curve));
  return [
    ...nonFiniteCaveat('left out, since finite at the end', recovered),
    ...nonFiniteCaveat(
      'left out, since logged once',
      single.map((curve) => nonFiniteText(curve, String(curve.summary.last?.value))),
    ),
  ];
}

const nonFiniteText = ({ run, key }: Curve, said: string): string => `${curveRunText(run)} (${quoteName(key)} ${said})`;

function nonFiniteCaveat(why: string, texts: readonly string[]): Caveat[] {
  if (texts.length === 0) return [];
  const rest = texts.length - CAVEATS_NAMED;
  const more = rest > 0 ? `, +${formatCount(rest)} more` : '';
  return [{ code: 'NON_FINITE', text: `${why}: ${texts.slice(0, CAVEATS_NAMED).join(', ')}${more}` }];
}

function runTexts(found: readonly Judged[]): string[] {
  return [...Map.groupBy(found, ({ curve }) => curve.run.id).values()].map((own) => {
    const texts = own
      .slice(0, TEXTS_PER_RUN)
      .map(({ curve, diagnosis }) => `${quoteName(curve.key)} ${judgementText(curve, diagnosis)}`);
    return `${curveRunText((own[0] as Judged).curve.run)} (${texts.join('; ')})`;
  });
}

const neededText = (obstacle: CurveObstacle): string =>
  obstacle === 'with too few points' ? ` (${FEWEST_EVALUATIONS} are needed)` : '';

function reasonText({ curve, obstacle }: Unjudged): string {
  const name = quoteName(curve.key);
  if (obstacle === 'without a training curve') return `there is no training curve beside ${name}`;
  if (obstacle === 'of unknown direction') return `whether a higher or a lower ${name} is better is unknown`;
  const [own, train] = [curve.points, curve.options.train ?? []].map((points) => finiteValues(points).length);
  const least = (own ?? 0) < FEWEST_EVALUATIONS ? own : train;
  const which = least === own ? name : `the training curve beside ${name}`;
  return `${which} has ${countOf(least ?? 0, 'finite point')}, ${FEWEST_EVALUATIONS} are needed`;
}
