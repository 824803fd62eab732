/** Causes, "all" and "none": what a few cells can refute and none can prove. */
import { CAUSES, FAILURE_REASONS, NO_CAUSE } from '../terms/causes.ts';
import { TRENDS } from '../terms/comparison.ts';
import { BOUND_SIDES, COUNTED, OTHER_PARTS, QUANTIFIERS } from '../terms/counting.ts';
import type { SaidStatistic } from '../terms/statistics.ts';
import { STATUS_WORDS, type StatusName, VERDICTS } from '../terms/status.ts';
import type { Claim } from './claim.ts';
import type { Evidence } from './evidence.ts';
import type { CellFact, FactColumn } from './facts.ts';
import { foldName } from './fold.ts';
import { type Aspect, commitContrast, contrastOf, membersOf, statusPopulations } from './populations.ts';
import { clauseOf, type Sentence, shapesAfter, shapesBefore, statisticsIn } from './sentence.ts';

export function* sweepingClaims(sentence: Sentence, evidence: Evidence): Generator<Claim> {
  yield* causeClaims(sentence);
  yield* reasonClaims(sentence, evidence);
  for (const [at, token] of sentence.tokens.entries()) {
    const ok = parentsIn(sentence, at, evidence) ?? sweepAt(sentence, at, evidence) ?? likeness(sentence, at, evidence);
    if (ok !== undefined) yield { start: token.start, end: token.end, supported: ok };
  }
}

// ---- causes

const CAUSE_WORDS = new Map(CAUSES.map((cause) => [cause, cause.split(' ').length]));
const MOST_WORDS = Math.max(...CAUSE_WORDS.values());

function* causeClaims(sentence: Sentence): Generator<Claim> {
  const { tokens } = sentence;
  for (let at = 0; at < tokens.length; at++) {
    for (let length = MOST_WORDS; length > 0; length--) {
      const words = tokens.slice(at, at + length);
      if (words.length < length || !CAUSE_WORDS.has(words.map(({ lower }) => lower).join(' '))) continue;
      const [from, to] = clauseOf(sentence, at);
      // What is said behind the next comma is said of something else.
      const comma = at < 2 ? -1 : sentence.shapes.indexOf(',', at + length);
      const until = Math.min(to, at + 14, comma < 0 ? tokens.length : comma);
      const near = tokens
        .slice(Math.max(from, at - 10), until)
        .flatMap(({ lower }, index, some) => (lower === 'not' && some[index + 1]?.lower === 'finite' ? [] : [lower]));
      const isDropped = near.includes('dropped') && !sentence.measures.some((one) => one.at >= from && one.at < at);
      // Which way a ranking goes is no cause.
      const isDirection = /\b(?:higher|lower) is better\b/.test(near.join(' '));
      if (!isDropped && !isDirection && !near.some((word) => NO_CAUSE.has(word) || word.endsWith("n't")))
        yield { start: words[0]!.start, end: words.at(-1)!.end, supported: false };
      at += length - 1;
      break;
    }
  }
}

/** "the accuracy makes the f1 higher", "ran out of memory". */
function* reasonClaims({ tokens, shapes }: Sentence, { words }: Evidence): Generator<Claim> {
  const isUnsaid = tokens.some(({ lower }) =>
    /^(?:not?|unknown|whether|if|may|might|could|perhaps|possibly|cannot|neither|nor)$/.test(lower),
  );
  for (const [at, { lower, start, end }] of tokens.entries()) {
    const makes =
      /^(?:makes|made)$/.test(lower) &&
      /^(?:the |its |their )?M /.test(
        `${shapes
          .slice(at + 1, at + 6)
          .filter((shape) => shape !== '')
          .join(' ')} `,
      );
    if (makes && !isUnsaid) yield { start, end, supported: false };
    for (const reason of FAILURE_REASONS) {
      const parts = reason.split(' ');
      if (!parts.every((part, index) => tokens[at + index]?.lower === part) || parts.every((part) => words.has(part)))
        continue;
      if (parts.length > 2 || !isUnsaid) yield { start, end: tokens[at + parts.length - 1]!.end, supported: false };
    }
  }
}

// ---- all, none, not all, only

type Kind = 'all' | 'none' | 'not all' | 'only';

/** A quantifier and what is said behind it, up to the next mark. */
interface Sweep {
  readonly kind: Kind;
  readonly at: number;
  readonly end: number;
  /** `all three`, `none of the ten`, `both`. */
  readonly count: number | undefined;
  readonly words: ReadonlySet<string>;
  readonly sentence: Sentence;
}

const PREDICATES = [
  trendOf,
  statusOf,
  verdictOf,
  gradeOf,
  boundOf,
  exclusionOf,
  storedTextOf,
  sameOf,
  emptyOf,
  presenceOf,
  finiteOf,
  tiesOf,
  namesOf,
];

/** Any predicate that the cells support will do; undefined where none can be held against them. */
function sweepAt(sentence: Sentence, at: number, evidence: Evidence): boolean | undefined {
  const sweep = sweepFrom(sentence, at);
  if (sweep === undefined) return undefined;
  const isPart = [...sweep.words].some((word) => OTHER_PARTS.has(word));
  for (const predicate of isPart ? [othersOf] : PREDICATES) {
    const ok = predicate(sweep, evidence);
    if (ok !== undefined) return ok;
  }
  return undefined;
}

function sweepFrom(sentence: Sentence, at: number): Sweep | undefined {
  const { tokens, shapes } = sentence;
  const kind = kindAt(sentence, at);
  if (kind === undefined) return undefined;
  let end = at + 1;
  while (end < tokens.length && !isSweepEnd(shapes, end)) end += 1;
  const words = new Set(tokens.slice(at, end).map(({ lower }) => lower.replaceAll('`', '')));
  const places = shapes.slice(at + 1, at + 6);
  // The "one" of "every one of the five" counts nothing.
  const place = places.findIndex((shape, index) => shape === 'N' && tokens[at + 1 + index]!.lower !== 'one');
  const isCount =
    place >= 0 &&
    places.slice(0, place).every((shape) => /^(?:|N|of|the|these|those|its|shown|top|best|first)$/.test(shape));
  const count =
    tokens[at]!.lower === 'both' || tokens[at]!.lower === 'neither'
      ? 2
      : isCount
        ? tokens[at + 1 + place]!.numeral!.value
        : undefined;
  return { kind, at, end, count, words, sentence };
}

function kindAt(sentence: Sentence, at: number): Kind | undefined {
  const { lower, type } = sentence.tokens[at]!;
  const after = shapesAfter(sentence, at, 2);
  if (
    lower === 'not' &&
    /^(?:N|a single|a)(?: |$)/.test(after) &&
    /^(?:one|a)$/.test(sentence.tokens[at + 1]?.lower ?? '')
  )
    return 'none';
  if (type !== 'word') return undefined;
  if (lower === 'only') return /^T/.test(after) ? 'only' : undefined;
  const quantifier = QUANTIFIERS.get(lower);
  if (quantifier === undefined || /^,/.test(after)) return undefined;
  const before = shapesBefore(sentence, at, 2);
  if (quantifier === 'none')
    return lower === 'no' && /^(?:longer|more|less|fewer|lower|higher|better|worse)/.test(after) ? undefined : 'none';
  if (/(?:^| )not(?: nearly)?$/.test(before)) return 'not all';
  if (/(?:^| )(?:nearly|almost|practically|virtually)$/.test(before)) return undefined;
  if (/(?:^| )(?:in|across|for)$/.test(before) && COUNTED.has(sentence.tokens[at + 1]?.lower ?? '')) return 'all';
  return /(?:^| )(?:nearly|almost|of|at|over|above|after|for|across|among|if|did|do|does|were|was|are|is|has|have)$/.test(
    before,
  ) && !/^(?:N|the|T|of|[A-Za-z]+ed)/.test(after)
    ? undefined
    : 'all';
}

function isSweepEnd(shapes: readonly string[], at: number): boolean {
  const shape = shapes[at]!;
  if (
    /^[,;:—–?]$/.test(shape) ||
    /^(?:while|whereas|but|although|though|however|yet|as|because|since|when|despite)$/.test(shape)
  )
    return true;
  return shape === 'and' && /^(?:T|M|it|its|the|they|most|all|both|each|none|no|that|this)$/.test(shapes[at + 1] ?? '');
}

/** Readings of one claim: one that holds is enough. */
function anyOf(readings: readonly (boolean | undefined)[]): boolean | undefined {
  if (readings.includes(true)) return true;
  return readings.includes(false) ? false : undefined;
}

/** What a quantifier makes of the members of which something holds. */
function settle(kind: Kind, holding: number, size: number): boolean | undefined {
  if (kind === 'all') return holding === size;
  if (kind === 'none') return holding === 0;
  return kind === 'not all' ? holding < size : undefined;
}

// ---- statuses

const SUBJECT =
  /^(?:(?:of|the|these|those|them|its|listed|shown|displayed|single|one|N|T|V|runs?|ones?|hits?|trials?|jobs?|group|in|five|is|are|was|were|have|has|had|been|did|still|marked|as|ended|that|which|matched|matching|failed|first|last|experiment|there|here|:|status|at|this|a|carry|carries|fully|ever) ?)+/;

function statusOf(sweep: Sweep, evidence: Evidence): boolean | undefined {
  const { sentence, at, end, kind, count, words } = sweep;
  const place = statusPlace(sweep);
  if (place === undefined || kind === 'only' || !SUBJECT.test(shapesAfter(sentence, at, 8))) return undefined;
  const status = statusWord(sentence, place)!;
  const behind = sentence.tokens[place + 1]?.lower ?? '';
  const isSubject = COUNTED.get(behind) === 'run';
  if (isSubject && (kind !== 'none' || place > at + 1 || end > place + 5)) return undefined;
  if (
    !isSubject &&
    place + 1 < end &&
    /^(?:among|with|at|over|under|above|below|meets?|got|had|in|than|from|to)$/.test(behind) &&
    !/^under (?:the|these|those|this)/.test(shapesAfter(sentence, place, 2)) &&
    !/^in (?:T|the|this)/.test(shapesAfter(sentence, place, 2))
  )
    return undefined;
  if (/(?:^| )(?:not|never|n't)(?: \w+)?$/.test(shapesBefore(sentence, place, 2)) && place > at + 2) return undefined;
  if (
    kind === 'none' &&
    count === undefined &&
    (['top', 'best', 'those', 'them', 'ranked', 'considered'].some((word) => words.has(word)) ||
      /^of these/.test(shapesAfter(sentence, at, 2)))
  )
    return undefined;
  const experiments = sentence.things.filter(({ isExperiment }) => isExperiment).flatMap(({ owners }) => [...owners]);
  const all = statusPopulations(evidence).filter(
    ({ finding }) => experiments.length === 0 || inScope(finding, experiments),
  );
  const sized =
    count === undefined ? all : all.filter(({ size, finding }) => size === count || finding.coverage.matched === count);
  if (sized.length === 0 && count === undefined && kind === 'none') return undefined;
  // "both" may speak of two that the sentence or the one before names.
  if (
    sentence.things.length > 0 &&
    sentence.things.some(({ at: one, isExperiment }) => !isExperiment && one > at && one < place)
  )
    return undefined;
  return anyOf(
    sized.map(({ byStatus, size, isWhole }) => {
      const holding = byStatus.get(status) ?? 0;
      if (!isWhole && count === undefined && !isShown(sweep) && holding === (kind === 'none' ? 0 : size))
        return undefined;
      return settle(kind, holding, size);
    }),
  );
}

/** "one failed, all the others finished": no status besides may be among them. */
function othersOf(sweep: Sweep, evidence: Evidence): boolean | undefined {
  const place = statusPlace(sweep);
  const { sentence, kind, words } = sweep;
  if (
    place === undefined ||
    kind !== 'all' ||
    !['others', 'other', 'rest', 'remaining'].some((word) => words.has(word))
  )
    return undefined;
  const said = new Set(sentence.tokens.flatMap((_, at) => statusWord(sentence, at) ?? []));
  const all = statusPopulations(evidence);
  if (said.size < 2 || all.length === 0) return undefined;
  return all.some(({ byStatus }) => [...byStatus.keys()].every((status) => said.has(status)));
}

const isShown = ({ words }: Sweep): boolean =>
  ['shown', 'listed', 'displayed', 'these', 'here', 'page'].some((word) => words.has(word));

function statusPlace({ sentence, at, end }: Sweep): number | undefined {
  for (let index = at + 1; index < Math.min(end, at + 10); index++)
    if (statusWord(sentence, index) !== undefined) return index;
  return undefined;
}

function statusWord({ tokens }: Sentence, at: number): StatusName | undefined {
  const word = tokens[at]!.lower.replaceAll('`', '');
  return (
    STATUS_WORDS.get(word) ??
    ((word === 'going' || word === 'ongoing') && (word === 'ongoing' || tokens[at - 1]?.lower === 'still')
      ? 'RUNNING'
      : undefined)
  );
}

function inScope({ coverage }: FactColumn['finding'], experiments: readonly string[]): boolean {
  return (
    coverage.scope === 'all' || coverage.scope.some(({ kind, id }) => experiments.includes(JSON.stringify([kind, id])))
  );
}

// ---- verdicts of curves

function verdictOf({ sentence, at, end, kind, count }: Sweep, evidence: Evidence): boolean | undefined {
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

/** The verdict column of a table: `strong (levels)`, `noise`. */
function gradeOf({ kind, words, count }: Sweep, { facts }: Evidence): boolean | undefined {
  const grade = ['strong', 'weak', 'noise', 'moderate', 'worse', 'better', 'improved'].find((one) => words.has(one));
  const members = [...facts.byMeasure]
    .filter(([measure]) => /(?:^| )verdict$/.test(measure))
    .flatMap(([, all]) => all)
    .filter(({ value }) => typeof value === 'string');
  if (grade === undefined || members.length < 2 || kind === 'only' || (count !== undefined && count !== members.length))
    return undefined;
  if (![...words].some((word) => /^(?:is|are|was|were|found|being|got)$/.test(word))) return undefined;
  return settle(kind, members.filter(({ value }) => String(value).split(/\W+/).includes(grade)).length, members.length);
}

/** "rose every week". */
function trendOf({ kind, sentence, at }: Sweep, { facts }: Evidence): boolean | undefined {
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

// ---- bounds

interface Bound {
  readonly side: 'up' | 'down';
  readonly value: number;
  readonly at: number;
  readonly isPercent: boolean;
  readonly isDuration: boolean;
  readonly isCount: boolean;
}

const BOUND_FILLER = /^(?:|than|an?|the|M|mean|median|value|values|of|at|least|best|run|score|V)$/;

function boundIn({ sentence, at, end }: Sweep): Bound | undefined {
  const { tokens, shapes } = sentence;
  for (let index = at + 1; index < end; index++) {
    const pair = `${tokens[index]!.lower} ${tokens[index + 1]?.lower ?? ''}`;
    const side = BOUND_SIDES.get(pair) ?? BOUND_SIDES.get(tokens[index]!.lower);
    const isNegated = /^(?:not|n't|never)$/.test(shapes[index - 1] ?? '');
    if (side === undefined || isNegated) continue;
    for (let next = index + 1; next < Math.min(tokens.length, index + 8); next++) {
      const token = tokens[next]!;
      const span = /^(?:an|one)$/.test(token.lower) && tokens[next + 1]?.lower === 'hour' ? 3.6e6 : token.duration?.ms;
      if (span !== undefined)
        return { side, value: span, at: next, isPercent: false, isDuration: true, isCount: false };
      if (token.numeral !== undefined && shapes[next] === 'N')
        return {
          side,
          value: token.numeral.value,
          at: next,
          isPercent: token.numeral.unit === 'percent',
          isDuration: false,
          isCount: /^runs?(?: |$)/.test(shapesAfter(sentence, next, 1)),
        };
      if (!BOUND_FILLER.test(shapes[next]!)) break;
    }
  }
  return countBound(sentence, at, end);
}

/** `has runs`, `in 30 or more runs`. */
function countBound(sentence: Sentence, at: number, end: number): Bound | undefined {
  for (let index = at + 1; index < end; index++) {
    const after = shapesAfter(sentence, index, 4);
    const common = { at: index, isPercent: false, isDuration: false, isCount: true };
    const { numeral, lower } = sentence.tokens[index]!;
    if (numeral !== undefined && /^or (?:more|fewer|less) runs/.test(after))
      return { ...common, side: /^or more/.test(after) ? 'up' : 'down', value: numeral.value };
    if (/^(?:has|have|contains?|holds?)$/.test(lower) && /^(?:some |any )?runs?(?: |$)/.test(after))
      return { ...common, side: 'up', value: 1 };
  }
  return undefined;
}

function boundOf(sweep: Sweep, evidence: Evidence): boolean | undefined {
  const { sentence, at, end, kind, words } = sweep;
  const bound = boundIn(sweep);
  if (bound === undefined || kind === 'only') return undefined;
  if (words.has('finished') || words.has('failed')) return undefined;
  const settledByFilter = filterBound(sweep, bound, evidence);
  if (settledByFilter !== undefined) return settledByFilter;
  const experiments = sentence.things.filter(({ isExperiment }) => isExperiment).flatMap(({ owners }) => [...owners]);
  const near = sentence.measures.filter((one) => one.at > at && one.at < Math.max(end, bound.at + 4));
  const keys = new Set((near.length > 0 ? near : sentence.measures).flatMap((one) => [...one.keys]));
  const said = statisticsIn(sentence, at, Math.max(end, bound.at + 1)).map(({ statistic }) => statistic);
  const readings = evidence.facts.columns.filter((column) => {
    if (
      experiments.length > 0 &&
      !inScope(column.finding, experiments) &&
      !column.facts.some(({ owner }) => owner?.includes('experiment'))
    )
      return false;
    if (bound.isDuration) return /duration/.test(column.measure) || keys.has(column.measure);
    if (bound.isCount) return /^(?:runs|count)$/.test(column.measure);
    if (keys.size > 0) return keys.has(column.measure);
    return sentence.context.measures.size > 0
      ? sentence.context.measures.has(column.measure)
      : isMainMeasure(column, evidence);
  });
  return anyOf(
    readings
      .filter((column) => statisticFits(column, said, sweep, bound))
      .map((column) => heldAgainst(column, sweep, bound)),
  );
}

/** Of a table of statistics every column is of the measure that it is about. */
const isMainMeasure = ({ finding, measure }: FactColumn, { facts }: Evidence): boolean =>
  facts.columns.some(
    (one) =>
      one.finding === finding &&
      one.measure === measure &&
      one.isMain &&
      /^(?:metric|number)$/.test(one.facts[0]?.kind ?? ''),
  );

/** Where a list has many statistics and none is named, the outermost one answers for all runs. */
function statisticFits(
  { facts, direction }: FactColumn,
  said: readonly SaidStatistic[],
  { kind, words }: Sweep,
  { side }: Bound,
): boolean {
  const own = facts[0]?.statistic;
  const named: readonly string[] = said.filter((one) => one !== 'first' && one !== 'last');
  if (own === undefined) return true;
  if (named.length === 0 && !words.has('run') && !words.has('runs') && (own === 'mean' || own === 'median'))
    return true;
  if (named.length === 0) return own === ((side === 'up') === (kind === 'none') ? 'max' : 'min') || own === 'last';
  return named.includes(own) || (named.includes('best') && own === (direction === 'lower' ? 'min' : 'max'));
}

function heldAgainst(
  column: FactColumn,
  { kind, count, words }: Sweep,
  { side, value, isPercent }: Bound,
): boolean | undefined {
  const members = membersOf(column, (fact) => typeof fact.value === 'number').map((fact) => fact.value as number);
  const isTop = ['top', 'best', 'leading', 'first'].some((word) => words.has(word));
  if (members.length === 0 || (members.length < 2 && column.facts[0]?.statistic === undefined)) return undefined;
  const isPart = count !== undefined && count !== members.length && count !== members.length + column.cut;
  if (isPart && !(isTop && count < members.length)) return undefined;
  const some = isPart ? members.slice(0, count) : members;
  const bound = isPercent && some.every((one) => Math.abs(one) <= 1) ? value / 100 : value;
  const slack = Math.abs(bound) * 1e-4;
  // What lies on the bound supports either reading.
  const beyond = some.filter((one) => (side === 'up' ? one > bound + slack : one < bound - slack)).length;
  const within = some.filter((one) => (side === 'up' ? one >= bound - slack : one <= bound + slack)).length;
  return settle(kind, kind === 'none' ? beyond : within, some.length);
}

/** "No run exceeds 0.75" against a filter of just that bound which runs passed. */
function filterBound({ kind }: Sweep, { side, value }: Bound, { findings }: Evidence): boolean | undefined {
  if (kind !== 'none') return undefined;
  const passed = findings.some(
    ({ coverage }) =>
      coverage.matched > 0 &&
      [...(coverage.filter ?? '').matchAll(/metrics\.\S+ ([<>])=? ([-\d.e]+)/g)].some(
        ([, sign, number]) =>
          (sign === (side === 'up' ? '>' : '<') && Number(number) >= value === (side === 'up')) ||
          (Number(number) === value && sign === (side === 'up' ? '>' : '<')),
      ),
  );
  return passed ? false : undefined;
}

// ---- what was left out

const LEFT_OUT = /^(?:excluded|omitted|dropped|skipped|discarded|removed|ignored|unranked)$/;
const TAKEN_IN = /^(?:used|ranked|included|considered|counted|analy[sz]ed)$/;
const SHOWN = /^(?:displayed|shown|listed)$/;

function exclusionOf(sweep: Sweep, evidence: Evidence): boolean | undefined {
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
function parentsIn(sentence: Sentence, at: number, { findings }: Evidence): boolean | undefined {
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

// ---- stored texts

const USES =
  /^(?:M|uses?|used|using|is|are|was|were|has|have|had|N|all|both|runs?|a|with|share|one|on|ones|chose|every)$/;

function storedTextOf(sweep: Sweep, evidence: Evidence): boolean | undefined {
  const { sentence, at, end, kind, count } = sweep;
  const place = sentence.tokens.findIndex(
    ({ meaning }, index) =>
      index > at &&
      index < end &&
      meaning?.isValue === true &&
      meaning.measures.size === 0 &&
      (meaning.owners.size === 0 || kind !== 'only'),
  );
  if (
    place < 0 ||
    (place + 1 < end && /^(?:runs?|ones?|N|is|are|was|were|has|have)$/.test(sentence.shapes[place + 1]!))
  )
    return undefined;
  if (!USES.test(sentence.shapes.slice(0, place).findLast((shape) => shape !== '') ?? '')) return undefined;
  const text = foldName(sentence.tokens[place]!.text.replace(/[`"“”]/g, ''));
  const holds = ({ value }: CellFact) => typeof value === 'string' && foldName(value) === text;
  const groups = sentence.tokens[place]!.meaning!.owners;
  const grouped = evidence.facts.all.some(
    ({ owner, measure, value }) =>
      owner !== undefined && groups.has(owner) && /^(?:runs|count)$/.test(measure) && Number(value) > 0,
  );
  const readings: (boolean | undefined)[] =
    kind === 'none' && grouped && /^use/.test(sentence.tokens[place - 1]!.lower) ? [false] : [];
  for (const [measure, facts] of evidence.facts.byMeasure) {
    if (measure === 'status' || !facts.some(holds)) continue;
    const members = [
      ...new Map(
        facts
          .filter(({ owner, value }) => owner !== undefined && typeof value === 'string')
          .map((fact) => [fact.owner!, fact]),
      ).values(),
    ];
    if (kind === 'only') {
      const named = sentence.things.filter((thing) => thing.at > at && thing.at < place);
      if (named.length > 0 && members.length > 1)
        readings.push(!members.some((fact) => holds(fact) && !named.some(({ owners }) => owners.has(fact.owner!))));
    } else if (
      members.length > 1 &&
      (count === undefined ? isShown(sweep) || kind === 'none' : count === members.length)
    )
      readings.push(settle(kind, members.filter(holds).length, members.length));
  }
  return anyOf(readings);
}

/** "all three have the same team". */
function sameOf({ sentence, at, end, kind, count, words }: Sweep, { facts }: Evidence): boolean | undefined {
  const isBehind = /^the same(?: [.,;]|$)/.test(shapesAfter(sentence, at, 3));
  const mention = sentence.measures.findLast((one) => one.at < end && (one.at > at || isBehind));
  if (kind !== 'all' || (count === undefined && !isBehind) || !words.has('same') || mention === undefined)
    return undefined;
  return anyOf(
    [...mention.keys].map((key) => {
      const members = (facts.byMeasure.get(key) ?? []).filter(({ statistic }) => statistic === undefined);
      return members.length < 2 || (count !== undefined && members.length !== count)
        ? undefined
        : new Set(members.map(({ value }) => value)).size === 1;
    }),
  );
}

function emptyOf({ kind, words }: Sweep, { counts }: Evidence): boolean | undefined {
  if (kind !== 'none' || !words.has('empty')) return undefined;
  return counts.some(({ tags, value }) => tags.has('empty') && value > 0) ? false : undefined;
}

// ---- whether there is a value at all

function presenceOf({ sentence, at, end, kind, count }: Sweep, { facts }: Evidence): boolean | undefined {
  const mention = sentence.measures.find((one) => one.at > at && one.at < end);
  if (mention === undefined || kind === 'only') return undefined;
  const link = sentence.shapes
    .slice(at, mention.at)
    .filter((shape) => shape !== '')
    .join(' ');
  const isLacking = /(?:^| )(?:lacks?|lacked|miss(?:es)?|without)(?: an?| any)?$/.test(link);
  const isGiven =
    /(?:^| )(?:has|have|had|wrote|gave|got|produced|reported|reports?|shows?|logged|recorded|carry|carries)(?: an?| any)$/.test(
      link,
    );
  if (
    (!isLacking && !isGiven) ||
    (mention.at + 1 < end &&
      !/^[.)]$/.test(sentence.shapes[mention.at + 1]!) &&
      sentence.shapes[mention.at + 1] !== '' &&
      !/^(?:score|value|at|in)$/.test(sentence.shapes[mention.at + 1]!))
  )
    return undefined;
  return anyOf(
    facts.columns
      .filter(({ measure, cut }) => measure === 'status' && cut >= 0)
      .map((column) => {
        const owners = new Set(column.facts.map(({ owner }) => owner));
        const given = new Set(
          facts.columns
            .filter(({ finding, measure }) => finding === column.finding && mention.keys.has(measure))
            .flatMap((one) => one.facts.map(({ owner }) => owner)),
        );
        if (given.size === 0 || (count !== undefined && count !== owners.size)) return undefined;
        return settle(kind, isLacking ? owners.size - given.size : given.size, owners.size);
      }),
  );
}

function finiteOf({ kind, words, count }: Sweep, { facts }: Evidence): boolean | undefined {
  const wantsFinite = words.has('finite');
  if (
    (!wantsFinite && !words.has('nan')) ||
    kind === 'only' ||
    words.has('not') ||
    !['end', 'ended', 'ends', 'finish', 'finished'].some((word) => words.has(word))
  )
    return undefined;
  return anyOf(
    facts.columns
      .filter((column) => column.facts[0]?.statistic === 'last' && column.facts.length > 1)
      .map((column) => {
        const members = membersOf(column, ({ value }) => typeof value === 'number');
        if (count !== undefined && count !== members.length) return undefined;
        return settle(
          kind,
          members.filter(({ value }) => Number.isFinite(value) === wantsFinite).length,
          members.length,
        );
      }),
  );
}

function tiesOf({ kind, words, end, at }: Sweep, { facts }: Evidence): boolean | undefined {
  if (kind !== 'none' || !['tie', 'ties', 'tied'].some((word) => words.has(word)) || end - at > 7) return undefined;
  const ranked = facts.columns.filter((column) => column.direction !== undefined && column.facts[0]?.kind === 'metric');
  if (ranked.length === 0) return undefined;
  return ranked.every(
    (column) => new Set(membersOf(column).map(({ value }) => value)).size === membersOf(column).length,
  );
}

function namesOf({ kind, words, sentence, at }: Sweep, { facts, names }: Evidence): boolean | undefined {
  const isUnique = kind === 'all' && ['unique', 'different', 'distinct'].some((word) => words.has(word));
  const isShared = kind === 'none' && words.has('same') && /^N/.test(shapesAfter(sentence, at, 1));
  if ((!words.has('name') && !words.has('names')) || (!isUnique && !isShared)) return undefined;
  const runs = [...facts.byOwner.keys()]
    .flatMap((owner) => names.refOf(owner) ?? [])
    .filter(({ kind: of }) => of === 'run');
  return runs.length < 2 ? undefined : new Set(runs.map(({ name }) => name)).size === runs.length;
}

// ---- alike or not

const ASPECTS: ReadonlyMap<string, Aspect> = new Map(
  [...COUNTED].flatMap(([word, noun]) =>
    noun === 'param' || noun === 'metric' || noun === 'tag' || noun === 'dataset' ? [[word, noun] as const] : [],
  ),
);
const ALIKE = /^(?:same|identical|equal|share|agree|alike)$/;
const UNLIKE = /^(?:differs?|differed|different)$/;

/** "no param differs", "both have identical parameters", "the same commit". */
function likeness(sentence: Sentence, at: number, evidence: Evidence): boolean | undefined {
  const { lower } = sentence.tokens[at]!;
  const isAlike = ALIKE.test(lower);
  if (!isAlike && !UNLIKE.test(lower)) return undefined;
  const { shapes, tokens } = sentence;
  let from = at;
  while (from > 0 && !/^[,;:.—–]$/.test(shapes[from - 1]!)) from -= 1;
  let to = at + 1;
  while (to < tokens.length && !/^(?:[,;:.—–]|and|as|but|while|whereas)$/.test(shapes[to]!)) to += 1;
  const words = tokens.slice(from, to).map((token) => token.lower.replaceAll('`', ''));
  const nouns = words.flatMap((word, index) =>
    ASPECTS.has(word) || /^(?:git )?commits?$/.test(word) ? [{ word, index }] : [],
  );
  if (
    nouns.length !== 1 ||
    sentence.measures.some(
      (one) =>
        one.at >= from && one.at < to && !ASPECTS.has(tokens[one.at]!.lower) && !/commit/.test(tokens[one.at]!.lower),
    )
  )
    return undefined;
  const { word, index } = nouns[0]!;
  const isCounted = sentence.tokens
    .slice(from, from + index)
    .some(({ numeral }, place, some) => numeral !== undefined && !/^(?:runs?)$/.test(some[place + 1]?.lower ?? ''));
  if (
    isCounted ||
    words.some((one) =>
      /^(?:some|most|few|many|only|several|if|whether|not|other|than|but|except|besides|logged|names?|keys?|sets?|kinds?|number|amount|nearly|almost|largely|mostly|partly)$/.test(
        one,
      ),
    )
  )
    return undefined;
  // "the team and project tags" are not all the tags.
  if (
    index > 0 &&
    !/^(?:all|the|both|every|no|same|identical|equal|different|their|git|of|a|an|each|its|any|in|on|more|these|share|shown|code)$/.test(
      words[index - 1]!,
    ) &&
    sentence.tokens[from + index - 1]!.numeral === undefined
  )
    return undefined;
  const contrast = ASPECTS.has(word) ? contrastOf(ASPECTS.get(word)!, evidence) : commitContrast(evidence);
  if (contrast === undefined) return undefined;
  const isNone = words.some((one) => /^(?:no|none|neither)$/.test(one));
  const isAll = words.some((one) => /^(?:all|every|each)$/.test(one));
  if (isAlike) return isNone ? contrast.alike === 0 : contrast.differ === 0;
  if (isNone) return contrast.differ === 0;
  return isAll ? contrast.alike === 0 : contrast.differ > 0;
}
