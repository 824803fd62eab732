/** "None was left out", "parents included": against what a finding covers. */
import { COUNTED } from '../terms/counting.ts';
import type { Evidence } from './evidence.ts';
import { type Sentence, shapesAfter, shapesBefore } from './sentence.ts';
import type { Sweep } from './sweep.ts';

const LEFT_OUT = /^(?:excluded|omitted|dropped|skipped|discarded|removed|ignored|unranked)$/;

const TAKEN_IN = /^(?:used|ranked|included|considered|counted|analy[sz]ed)$/;

const SHOWN = /^(?:displayed|shown|listed)$/;

export function exclusionOf(sweep: Sweep, evidence: Evidence): boolean | undefined {
  const { sentence, at, end, kind, words, count } = sweep;
  const rest = [...words];
  const { findings } = evidence;
  const isRuns =
    rest.some((word) => COUNTED.get(word) === 'run') ||
    words.has('nothing') ||
    words.has('everything') ||
    words.has('none');
  if (kind === 'none' && words.has('parent') && !rest.some((word) => LEFT_OUT.test(word)))
    return findings.some(({ caveats }) => caveats.some(({ text }) => /^includes \d+ parent/.test(text))) &&
      end - at <= 4
      ? false
      : undefined;
  if (!isRuns || kind === 'only') return undefined;
  const after = sentence.shapes.slice(at, end).join(' ');
  const isOut = rest.some((word) => LEFT_OUT.test(word)) || /(?:left out|thrown (?:away|out)|set aside)/.test(after);
  if (isOut && kind === 'none') {
    if (rest.some((word) => /^(?:higher|better|lower|larger)$/.test(word)))
      return findings.some(({ caveats }) => caveats.some(({ code }) => code === 'UNFINISHED_RIVAL'))
        ? false
        : undefined;
    const reasons = findings.flatMap(({ coverage }) =>
      coverage.excluded.filter((one) => one.count > 0).map(({ reason }) => reason.toLowerCase()),
    );
    const named = rest.filter((word) => /^(?:parent|nan|duration|status|failed|killed|unfinished)$/.test(word));
    if (named.length > 0)
      return named.some((word) => reasons.some((reason) => reason.split(/\W+/).includes(word))) ? false : undefined;
    return rest.length > 9 ? undefined : reasons.length === 0;
  }
  if (kind !== 'all' || !/(?:^| )(?:are|were|was|been|is|went)(?: |$)/.test(after)) return undefined;
  const isTaken = rest.some((word) => TAKEN_IN.test(word)) || /went in/.test(after);
  const whole = findings.filter(
    ({ coverage }) => coverage.unit === 'run' && (count === undefined || count === coverage.matched),
  );
  if (isTaken && whole.length > 0) return whole.some(({ coverage }) => coverage.matched === coverage.considered);
  const last = sentence.tokens[end - 1]?.lower ?? '';
  const isLast = SHOWN.test(last) || SHOWN.test(sentence.tokens[end - 2]?.lower ?? '');
  return isLast && whole.length > 0
    ? whole.some(({ data }) => data.tables.every(({ rows, total }) => rows.length === total))
    : undefined;
}

/** "parents included". */
export function parentsIn(sentence: Sentence, at: number, { findings }: Evidence): boolean | undefined {
  if (
    !/^parents?$/.test(sentence.tokens[at]!.lower) ||
    /(?:^| )(?:N|no|not|without)(?: \S+)?$/.test(shapesBefore(sentence, at, 2))
  )
    return undefined;
  const said = /^(?:runs? )?(?:(?:are|were|is|being) )?(?:(?:also|all) )?(included|counted|excluded)(?: |$)/.exec(
    shapesAfter(sentence, at, 5),
  )?.[1];
  if (said === undefined) return undefined;
  const isOut = findings.some(({ coverage }) =>
    coverage.excluded.some(({ reason, count }) => count > 0 && /parent/.test(reason)),
  );
  const isIn = findings.some(({ caveats }) => caveats.some(({ text }) => /^includes \d+ parent/.test(text)));
  if (!isOut && !isIn) return undefined;
  return said === 'excluded' ? isOut : isIn;
}
