/** "None was left out", "parents included": against what a finding covers. */
import { COUNTED } from '../terms/counting.ts';
import { shapesAfter, shapesBefore } from './clauses.ts';
import type { Evidence } from './evidence.ts';
import type { Sentence } from './sentence.ts';
import type { Sweep } from './sweep.ts';

const LEFT_OUT = /^(?:excluded|omitted|dropped|skipped|discarded|removed|ignored|unranked)$/;

const TAKEN_IN = /^(?:used|ranked|included|considered|counted|analy[sz]ed)$/;

const SHOWN = /^(?:displayed|shown|listed)$/;

export function exclusionOf(sweep: Sweep, evidence: Evidence): boolean | undefined {
  const { sentence, at, end, kind, words } = sweep;
  const said = [...words];
  const after = sentence.shapes.slice(at, end).join(' ');
  const isOut = said.some((word) => LEFT_OUT.test(word));
  if (kind === 'none' && words.has('parent') && !isOut)
    return includesParents(evidence) && end - at <= 4 ? false : undefined;
  const isOfRuns =
    said.some((word) => COUNTED.get(word) === 'run') || ['nothing', 'everything', 'none'].some((one) => words.has(one));
  if (!isOfRuns) return undefined;
  if (kind === 'none' && (isOut || /(?:left out|thrown (?:away|out)|set aside)/.test(after)))
    return noneLeftOut(said, evidence);
  return kind === 'all' && /(?:^| )(?:are|were|was|been|is|went)(?: |$)/.test(after)
    ? allTakenIn(sweep, after, evidence)
    : undefined;
}

/** Against the reasons for which runs were left out, of those that are named. */
function noneLeftOut(said: readonly string[], { findings }: Evidence): boolean | undefined {
  if (said.some((word) => /^(?:higher|better|lower|larger)$/.test(word)))
    return findings.some(({ caveats }) => caveats.some(({ code }) => code === 'UNFINISHED_RIVAL')) ? false : undefined;
  const reasons = findings.flatMap(({ coverage }) =>
    coverage.excluded.filter((one) => one.count > 0).map(({ reason }) => reason.toLowerCase()),
  );
  const named = said.filter((word) => /^(?:parent|nan|duration|status|failed|killed|unfinished)$/.test(word));
  if (named.length > 0)
    return named.some((word) => reasons.some((reason) => reason.split(/\W+/).includes(word))) ? false : undefined;
  return said.length > 9 ? undefined : reasons.length === 0;
}

function allTakenIn(
  { sentence, end, words, count }: Sweep,
  after: string,
  { findings }: Evidence,
): boolean | undefined {
  const isTaken = [...words].some((word) => TAKEN_IN.test(word)) || /went in/.test(after);
  const whole = findings.filter(
    ({ coverage }) => coverage.unit === 'run' && (count === undefined || count === coverage.matched),
  );
  if (whole.length === 0) return undefined;
  if (isTaken) return whole.some(({ coverage }) => coverage.matched === coverage.considered);
  const isShownLast = [1, 2].some((back) => SHOWN.test(sentence.tokens[end - back]?.lower ?? ''));
  return isShownLast
    ? whole.some(({ data }) => data.tables.every(({ rows, total }) => rows.length === total))
    : undefined;
}

const includesParents = ({ findings }: Evidence): boolean =>
  findings.some(({ caveats }) => caveats.some(({ text }) => /^includes \d+ parent/.test(text)));

/** "parents included". */
export function parentsIn(sentence: Sentence, at: number, evidence: Evidence): boolean | undefined {
  if (
    !/^parents?$/.test(sentence.tokens[at]!.lower) ||
    /(?:^| )(?:N|no|not|without)(?: \S+)?$/.test(shapesBefore(sentence, at, 2))
  )
    return undefined;
  const said = /^(?:runs? )?(?:(?:are|were|is|being) )?(?:(?:also|all) )?(included|counted|excluded)(?: |$)/.exec(
    shapesAfter(sentence, at, 5),
  )?.[1];
  if (said === undefined) return undefined;
  const isOut = evidence.findings.some(({ coverage }) =>
    coverage.excluded.some(({ reason, count }) => count > 0 && /parent/.test(reason)),
  );
  const isIn = includesParents(evidence);
  if (!isOut && !isIn) return undefined;
  return said === 'excluded' ? isOut : isIn;
}
