/**
 * Numbers that cannot be settled but need not be false: derived in a way that is not read, counted by a predicate that is not
 * known. Marking them would teach people to ignore the mark.
 */
import { QUANTIFIERS } from '../terms/counting.ts';
import { qualifiersOf } from './amounts.ts';
import { clauseOf, segmentOf, shapesAfter, shapesBefore, shapesBetween } from './clauses.ts';
import type { Evidence } from './evidence.ts';
import type { CellFact } from './facts.ts';
import { nounAfter } from './mentions.ts';
import { isFactor, type NumberReading } from './number-reading.ts';
import type { Sentence } from './sentence.ts';
import type { Written } from './values.ts';

/** Counts up to here are as often a part of what is listed as the whole of it. */
const FEW = 12;
const DERIVED =
  /(?:^| )(?:gap|gaps|difference|differences|differ|differs|margin|lead|leads|apart|range|spread|span|spans|wide|width|by|between|within|separat\w+|exceed\w*|surpass\w*|ahead|behind|above|below|over|under|higher|lower|more|less|fewer|longer|shorter|faster|slower|larger|smaller|drop\w*|fell|falls|fall|rose|rises|rise|gain\w*|lost|loses|loss|change\w*|improve\w*|increase\w*|decrease\w*|shed\w*|added|adds|−|\+|minus|away|short|off|up|down|from|trail\w*|lag\w*|cut|shav\w*)(?: |$)/;
const BOUNDED =
  /(?:^| )(?:above|below|over|under|exceed\w*|least|most|more|less|fewer|than|between|within|beyond|clear\w*|top|tops|reach\w*|beat\w*|pass\w*|cross\w*|stay\w*|fall\w*|fell|lie|lies|lay|lying|drop\w*|higher|lower|better|worse|>|<|≥|≤|near|around|close)(?: |$)/;

export function isOpenToDoubt(reading: NumberReading): boolean {
  const { sentence, at, written, evidence, numeral } = reading;
  const [from, to] = clauseOf(sentence, at);
  const shapes = sentence.shapes.slice(from, to).join(' ');
  if (sentence.context.isCell || isFactor(reading) || isOwnValue(sentence, at)) return false;
  if (numeral.spelled === undefined && !written.isPercent && isThere(written, evidence)) return true;
  const isWhole = Number.isInteger(numeral.value) && numeral.unit === 'plain';
  if (isWhole) return isDoubtfulCount(sentence, at, shapes, evidence);
  if (BOUNDED.test(shapes) && isQuantified(sentence, from, to)) return isNearAnything(written, evidence);
  if (DERIVED.test(shapes) && isWithinColumn(written, evidence)) return true;
  if (written.isPercent) return isAnyShare(written, evidence);
  return BOUNDED.test(shapesBefore(sentence, at, 4)) && isNearAnything(written, evidence);
}

/** Whether the number stands in the findings: of fresh texts as many true as false ones were taken for another's. */
const isThere = ({ value, slack }: Written, { facts, counts }: Evidence): boolean =>
  facts.near(value, slack).some(isPlain) || counts.some((count) => count.value === value);

/** What stands between a name and its own value: `run-1 has f1_score 0.7`, `run-1 (0.7)`. */
const OWN_LINK =
  /^(?:(?:M|has|had|have|got|gets|is|was|reached|reaches|scored|logged|with|at|of|an?|the|its|value|score|mean|median|mark|=|:|\(|'|s|'s|’s|→) ?)*$/;
/** Behind further values of the same: `run-1 has f1_score 0.7 and accuracy 0.8`. */
const MEASURE_NEXT = /(?:^| )M(?: (?:of|is|was|=|:|at|a|\())*$/;
const OF_ANOTHER =
  /(?:^| )(?:than|vs|versus|against|compared|while|whereas|but|other|others|rest|by|from|gap|difference|next|second|third|runner)(?: |$)/;

/** Whether a name before it says whose it is. */
function isOwnValue(sentence: Sentence, at: number): boolean {
  const { spelled, value = 0 } = sentence.tokens[at]!.numeral ?? {};
  const last = sentence.things.filter((thing) => thing.at < at).at(-1);
  const isOfNext = sentence.things.some((thing) => thing.at > at && thing.at - at <= 2);
  if (spelled !== undefined || last === undefined || isOfNext) return false;
  const link = shapesBetween(sentence, last.at + 1, at);
  const isMeasured = MEASURE_NEXT.test(link) && !OF_ANOTHER.test(link);
  return isMeasured || (OWN_LINK.test(link) && (!Number.isInteger(value) || link.split(' ').includes('M')));
}

const isQuantified = (sentence: Sentence, from: number, to: number): boolean =>
  sentence.tokens.slice(from, to).some(({ lower }) => QUANTIFIERS.has(lower) || lower === 'only' || lower === 'not');

function isDoubtfulCount(sentence: Sentence, at: number, shapes: string, evidence: Evidence): boolean {
  const { value } = sentence.tokens[at]!.numeral!;
  if (
    shapesBetween(sentence, ...segmentOf(sentence, at))
      .split(' ')
      .includes('W')
  )
    return true;
  if (DERIVED_COUNT.test(shapesAfter(sentence, at, 4)) && isCountGap(value, evidence)) return true;
  const { statuses, part, owners } = qualifiersOf(sentence, at);
  if (statuses.length > 0 || part !== undefined || isCountedThere(sentence, at, shapes, owners, evidence)) return false;
  const noun = nounAfter(sentence, at);
  const isMeasured = /(?:^| )M(?: (?:of|is|was|at|=|:|to|from|an?|about|only|just|with|has|had))*$/.test(
    shapesBefore(sentence, at, 4),
  );
  // In digits a count claims to be one that was found.
  const isSpelled = sentence.tokens[at]!.numeral?.spelled !== undefined;
  if (noun === undefined) return isSpelled && value <= FEW && !isMeasured;
  const most = evidence.counts.reduce((max, count) => (count.unit === noun.unit ? Math.max(max, count.value) : max), 0);
  // `six of the metrics are latencies`: of what sort they are no finding says.
  if (noun.unit !== 'run' && isSpelled && value < most && /^of(?: |$)/.test(shapesAfter(sentence, at, 1))) return true;
  if (most === 0 && !evidence.texts.some((text) => text.noun === noun.unit)) return true;
  // `seven runs lie above 0.71`: how many keep a bound is not counted here.
  const isBounded =
    /(?:^| )N(?: |$)/.test(sentence.shapes.slice(noun.at + 1, clauseOf(sentence, at)[1]).join(' ')) &&
    BOUNDED.test(shapes);
  return value <= most && isBounded;
}

/** Whether what is said to be counted is counted by a finding: then another number is wrong. */
function isCountedThere(
  sentence: Sentence,
  at: number,
  shapes: string,
  owners: ReadonlySet<string>,
  { counts }: Evidence,
): boolean {
  const has = (tag: string) => counts.some(({ tags }) => tags.has(tag));
  if (TIED.test(shapesBetween(sentence, ...segmentOf(sentence, at))) && !BOUNDED.test(shapes) && has('tied'))
    return true;
  if (LEFT_OUT.test(shapesAfter(sentence, at, 3)) && has('rest')) return true;
  return owners.size === 1 && counts.some(({ owner }) => owner !== undefined && owners.has(owner));
}

const TIED = /(?:^| )(?:tie|ties|tied|share|shares|sharing|shared|joint|jointly)(?: |$)/;
const LEFT_OUT = /^(?:\S+ )?(?:(?:are )?not (?:shown|listed|displayed)|unlisted|hidden|left off)(?: |$)/;

const DERIVED_COUNT =
  /^(?:\S+ ){0,2}(?:fewer|less|short|apart|ahead|behind|than|difference|together|in all|combined)(?: |$)/;

/** What one count of a finding has more than another, or two of them come to. */
function isCountGap(value: number, { counts }: Evidence): boolean {
  const own = counts.filter((count) => count.value > 0).slice(0, 200);
  return own.some((a) =>
    own.some((b) => a.finding === b.finding && a !== b && (a.value - b.value === value || a.value + b.value === value)),
  );
}

/** Any two values of one measure, whoever they are of. */
function isWithinColumn({ value, slack, isPercent }: Written, { facts }: Evidence): boolean {
  const size = Math.abs(value);
  return [...facts.byMeasure.values()].some((all) => {
    const numbers = all.filter(isPlain).slice(0, MOST_COMPARED);
    return numbers.some((a, index) =>
      numbers.slice(index + 1).some((b) => {
        const gap = Math.abs((a.value as number) - (b.value as number));
        if (Math.abs(gap - size) <= slack * 1.5) return true;
        if (!isPercent) return false;
        const bases = [a, b].map((fact) => Math.abs(fact.value as number));
        return (
          bases.some((base) => Math.abs((gap / base) * 100 - size) <= slack) || Math.abs(gap * 100 - size) <= slack
        );
      }),
    );
  });
}

const MOST_COMPARED = 40;
const isPlain = ({ value, kind, statistic }: CellFact): boolean =>
  typeof value === 'number' && Number.isFinite(value) && kind !== 'time' && statistic !== 'sd';

/** Any count of a finding as a part of any other. */
function isAnyShare({ value, slack }: Written, { counts }: Evidence): boolean {
  const share = value / 100;
  const near = slack / 100;
  return counts.some((part) =>
    counts.some(
      (whole) =>
        whole.finding === part.finding &&
        whole.value >= part.value &&
        whole.value > 0 &&
        Math.abs(part.value / whole.value - share) <= near,
    ),
  );
}

const isNearAnything = ({ value, slack, isPercent }: Written, { facts }: Evidence): boolean => {
  const scale = isPercent ? 100 : 1;
  const near = Math.max(slack, Math.abs(value) * 0.1) / scale;
  return facts.near(value / scale, near).some(isPlain);
};
