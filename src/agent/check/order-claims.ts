/** Who is said to be ahead of whom, and which way a value is said to have gone. */
import { refKey } from '../../finding/refs.ts';
import { COMPARATIVES, type ComparisonSide, SPAN_WORDS, TENDENCIES, TIME_WORDS, TRENDS } from '../terms/comparison.ts';
import type { SaidStatistic } from '../terms/statistics.ts';
import type { Claim } from './claim.ts';
import type { Evidence } from './evidence.ts';
import { type CellFact, labelOwner, type Owner } from './facts.ts';
import {
  countsByStatus,
  fitsMeasure,
  isAhead,
  isExtreme,
  isNumber,
  rivalsOf,
  spokenOf,
  wantedEnd,
  wantedFor,
} from './ranks.ts';
import {
  clauseOf,
  comparable,
  type Sentence,
  segmentOf,
  shapesAfter,
  shapesBefore,
  statisticsIn,
  statusesIn,
  type Thing,
} from './sentence.ts';

export function* orderClaims(sentence: Sentence, evidence: Evidence): Generator<Claim> {
  for (const [at, { type, start, end }] of sentence.tokens.entries()) {
    if (type !== 'word' && type !== 'mark') continue;
    const verdict =
      order(sentence, at, evidence) ??
      movement(sentence, at, evidence) ??
      trend(sentence, at, evidence) ??
      direction(sentence, at, evidence) ??
      association(sentence, at, evidence) ??
      tendency(sentence, at, evidence);
    if (verdict !== undefined) yield { start, end, supported: verdict };
  }
}

const NO_ORDER = /(?:^| )(?:or|no|not|n't|any|if|never|neither|nor|whether|even|is the)$/;
const COUNTED_MORE = /^(?:common|frequent|frequently|often|numerous|popular|populated|recent|recently)(?: |$)/;

function order(sentence: Sentence, at: number, evidence: Evidence): boolean | undefined {
  const word = sentence.tokens[at]!.lower;
  const side = COMPARATIVES.get(word);
  if (side === undefined) return undefined;
  const after = shapesAfter(sentence, at, 3);
  if (
    NO_ORDER.test(shapesBefore(sentence, at, 3)) ||
    /(?:^| )at no (?:point|step|time)(?: |$)/.test(shapesAfter(sentence, at, 8)) ||
    /^(?:is|=) (?:better|worse)|^or /.test(after)
  )
    return undefined;
  const byStatus = statusOrder(sentence, at, side, evidence);
  if (byStatus !== undefined) return byStatus;
  if (
    /^(?:more|less|fewer)$/.test(word) &&
    !/^(?:than|runs than|M than|(?:distinct |different )?(?:values|points) than)/.test(after) &&
    !COUNTED_MORE.test(after) &&
    !evidence.facts.byMeasure.has('explained')
  )
    return undefined;
  if (/^N(?: |$)/.test(after) && sentence.tokens[at + 1]?.lower !== 'one') return undefined;
  if (
    /^(?:over|under|above|below|more|less)$/.test(word) &&
    /^(?:the (?:course|last|whole|next|points|steps|\w+ points)|all|N|values|than N|time|average|its|both|those)(?: |$)/.test(
      after,
    )
  )
    return measureOrder(sentence, at, side, evidence);
  const things = rivalsOf(sentence, evidence);
  const [first, second] = operands(sentence, at, things);
  const wanted = wantedFor(sentence, at, word);
  if (first !== undefined && second === undefined && isAlone(sentence, first.at, at)) {
    const verdict = isExtreme(first.owners, side, word, wanted, evidence, {
      among: () => true,
      isOfTwo: true,
      statistics: spokenOf(sentence, at),
    });
    if (verdict !== undefined) return verdict;
  }
  if (first !== undefined && second === undefined && LEADERS.test(shapesAfter(sentence, at, 7)))
    return beatsLeader(first, side, evidence);
  if (
    first === undefined ||
    second === undefined ||
    (first.isLabel && second.isLabel && wanted.length === 0 && !evidence.facts.byMeasure.has('explained'))
  )
    return measureOrder(sentence, at, side, evidence);
  const isRanked =
    /^(?:above|below|under|over)$/.test(word) &&
    sentence.shapes.some((shape) => /^(?:rank\w*|place[ds]?|list(?:ed)?|order|O)$/.test(shape));
  return isAhead(
    first.owners,
    second.owners,
    isRanked ? (side === 'up' ? 'better' : 'worse') : side,
    word,
    wanted,
    evidence,
    spokenOf(sentence, at),
  );
}

/** "run-009 comes out ahead on f1": of two, that is ahead of the other. */
const isAlone = (sentence: Sentence, subject: number, at: number): boolean =>
  subject < at &&
  ALONE.test(
    sentence.shapes
      .slice(subject + 1, at)
      .filter((shape) => shape !== '')
      .join(' '),
  ) &&
  /^(?:$|[.;!]|on|in|by)(?: |$)/.test(shapesAfter(sentence, at, 1));
const ALONE =
  /^(?:is|was|comes|came|performs|performed|scores|scored|does|did|ran|took|stays|stayed)(?: out| slightly| clearly| narrowly| a bit| N)*$/;

/** "A is higher than B", "A edges out B"; "A vs B: B higher"; "the former is ahead of the latter". */
function operands(sentence: Sentence, at: number, things: readonly Thing[]): [Thing | undefined, Thing | undefined] {
  const [from, to] = segmentOf(sentence, at);
  const [clauseFrom, clauseTo] = clauseOf(sentence, at);
  const after = shapesAfter(sentence, at, 4);
  const object = things.find((thing) => thing.at > at && thing.at < clauseTo);
  const link =
    object === undefined
      ? ''
      : sentence.shapes
          .slice(at + 1, object.at)
          .filter((shape) => shape !== '')
          .join(' ');
  const isObject =
    object !== undefined &&
    !/^(?:it|them|this) /.test(link) &&
    (object.at < to || link.split(' ').length <= 4) &&
    (LINK.test(link) || /(?:^| )than(?: |$)/.test(link)) &&
    link.split(' ').length <= 9;
  const than = sentence.shapes.indexOf('than', at);
  const [x, y, ...more] = things.filter((thing) => thing.at > at && thing.at < clauseTo);
  // "higher in week A than in week B"; "behind A comes B"
  if (x !== undefined && y !== undefined && more.length === 0 && x.at < than && y.at > than) return [x, y];
  if (
    x !== undefined &&
    y !== undefined &&
    sentence.tokens[at]!.lower === 'behind' &&
    /^(?:T )?(?:comes?|came|is|was|follows) T/.test(sentence.shapes.slice(x.at + 1).join(' '))
  )
    return [y, x];
  const told = toldByPlace(sentence, from, at, things);
  const own = things.filter((thing) => thing.at < at && thing.at >= from && !isObjectOf(sentence, thing));
  const subject =
    told ??
    own.at(-1) ??
    (own.length === 0 && isPronoun(sentence, from, at)
      ? pronoun(sentence, things, at)
      : things.filter((thing) => thing.at < at && thing.at >= clauseFrom && !isObjectOf(sentence, thing)).at(-1));
  if (isObject) return [subject, object];
  const other = toldByPlace(sentence, at, to, things);
  if (other !== undefined) return [subject, other];
  if (subject === undefined || object !== undefined) return [subject, undefined];
  const others = things.filter((thing) => thing.at < at && !sharesOwner(thing, subject));
  const distinct = others.filter((thing, index) => !others.slice(0, index).some((one) => sharesOwner(one, thing)));
  if (distinct.length !== 1) return [subject, undefined];
  // "more than it"
  if (/(?:^|than |of |behind )(?:it|that one|this one)(?: |$)/.test(after)) return [subject, distinct[0]];
  if (told !== undefined) return [subject, distinct[0]];
  // The other of the two that stand against each other before.
  const before = sentence.shapes
    .slice(0, at)
    .filter((shape) => shape !== '')
    .join(' ');
  const isSetAgainst = AGAINST.test(before) && SAID.test(after);
  const isListed =
    /(?:^| )(?:→|or|and|,)(?: |$)/.test(sentence.shapes.slice(0, from).join(' ')) &&
    own.length === 1 &&
    at + 1 >= to - 1 &&
    others.every((thing) => thing.at < from);
  return [subject, isSetAgainst || isListed ? distinct[0] : undefined];
}

const AGAINST = /(?:^| )(?:vs|versus|against|(?:compared|comparing) (?:with|to)|unlike)(?: |$)/;
/** What may follow a comparative that says nothing more of whom it is set against. */
const SAID = /^(?:$|[.,;:)(!]|M|one|common|frequent|often|numerous|on|in|by|for|here|there)(?: |$)/;

const sharesOwner = (a: Thing, b: Thing): boolean => [...a.owners].some((owner) => b.owners.has(owner));

/** `the former` and `the latter`, of the two last named. */
function toldByPlace(sentence: Sentence, from: number, to: number, things: readonly Thing[]): Thing | undefined {
  const at = sentence.shapes.slice(from, to).findLastIndex((shape) => shape === 'former' || shape === 'latter') + from;
  if (at < from) return undefined;
  const named = things
    .filter((thing) => thing.at < at && !/^(?:former|latter)$/.test(sentence.shapes[thing.at]!))
    .map(({ owners }) => owners);
  const sets = named.length >= 2 ? named : [...new Set(sentence.context.named)].map((owner) => new Set([owner]));
  if (named.length < 2 && sets.length !== 2) return undefined;
  const owners = sentence.shapes[at] === 'former' ? sets.at(-2)! : sets.at(-1)!;
  return { at, owners, isExperiment: false };
}

const LINK =
  /^(?:(?:M|N|D|on|in|by|the|a|of|to|than|for|that|run|runs|was|is|mean|median|value|score|overall|those|what|with|slightly|has|had|all|three|both|did|here|it|from|even|among|group|its|reached|got|out|off|experiment|narrowly|common|frequent|frequently|often|numerous|recently|recent) ?)*$/;
const isObjectOf = (sentence: Sentence, { at }: Thing): boolean =>
  /(?:^| )(?:than|vs|versus|ahead of|behind|beats|compared with|compared to|against|like|unlike)(?: (?:that of|those of|the M of|the))?$/.test(
    shapesBefore(sentence, at, 4),
  ) && at > 2;
const isPronoun = (sentence: Sentence, from: number, at: number): boolean =>
  /(?:^| )(?:it|they|this|its|which)(?: |$)/.test(sentence.shapes.slice(from, at).join(' '));

/** What `it` is: the first thing of the sentence, else what the one before was about. */
function pronoun(sentence: Sentence, things: readonly Thing[], at: number): Thing | undefined {
  const [first] = things.filter((thing) => thing.at < at);
  return first ?? (sentence.context.topic.length === 1 ? sentence.context.topic[0] : undefined);
}

const LEADERS = /^(?:M )?(?:than )?(?:the |all )?(?:N |tied |other )*(?:leaders?|winners?|tied|champion)(?: |$)/;

/** "a lower rmse than the three leaders": nobody in the list is better than its first. */
function beatsLeader({ owners }: Thing, side: ComparisonSide, { facts }: Evidence): boolean | undefined {
  const column = facts.columns.find(
    (one) =>
      one.direction !== undefined &&
      one.isMain &&
      one.facts.some(({ owner }) => owner !== undefined && owners.has(owner)),
  );
  if (column === undefined) return undefined;
  const isBetter =
    side === 'better' ||
    (side === 'up' && column.direction === 'higher') ||
    (side === 'down' && column.direction === 'lower');
  return isBetter ? false : undefined;
}

// ---- by status

/** "failed runs outnumber finished ones", "more runs failed than finished": counts of all runs by status. */
function statusOrder(sentence: Sentence, at: number, side: ComparisonSide, evidence: Evidence): boolean | undefined {
  const word = sentence.tokens[at]!.lower;
  const after = shapesAfter(sentence, at, 9);
  const isCount =
    /^outnumber/.test(word) ||
    (/^(?:more|less|fewer)$/.test(word) &&
      (COUNTED_MORE.test(after) || /^(?:runs? |T |V |ones? |failed |killed |finished |crashed |than )+/.test(after)));
  if (!isCount) return undefined;
  const [from, to] = clauseOf(sentence, at);
  const found = statusesIn(sentence, from, to).filter(({ negated }) => !negated);
  const distinct = [...new Set(found.map(({ status }) => status))];
  const pivot = /^outnumber/.test(word)
    ? at
    : sentence.shapes.findIndex((shape, index) => index > at && shape === 'than');
  const [a, b] =
    pivot < 0
      ? [found.filter((one) => one.at < at).at(-1), undefined]
      : [found.filter((one) => one.at < pivot).at(-1), found.find((one) => one.at > pivot)];
  const first = a?.status;
  const second = b?.status ?? (pivot < 0 && distinct.length === 2 ? distinct.find((one) => one !== first) : undefined);
  if (first === undefined || second === undefined || first === second || distinct.length > 3) return undefined;
  const isPassive = word === 'outnumbered' && /^by(?: |$)/.test(after);
  const all = countsByStatus(evidence);
  if (all.length === 0) return undefined;
  return all.some((counts) => {
    const more = (counts.get(first) ?? 0) - (counts.get(second) ?? 0);
    return (side === 'up') !== isPassive ? more > 0 : more < 0;
  });
}

// ---- one measure, or statistic, against another

interface Operand {
  readonly keys: ReadonlySet<string> | undefined;
  readonly statistic: SaidStatistic | undefined;
}

/** "its f1 is higher than its accuracy", "the mean lies above the median": two measures, or two statistics, of one thing. */
function measureOrder(sentence: Sentence, at: number, side: ComparisonSide, evidence: Evidence): boolean | undefined {
  const word = sentence.tokens[at]!.lower;
  if (side === 'better' || side === 'worse' || TIME_WORDS.has(word) || SPAN_WORDS.has(word)) return undefined;
  const [from, to] = clauseOf(sentence, at);
  const pair = operandPair(sentence, from, at, to);
  if (pair === undefined) return undefined;
  const owner = ownerHere(sentence, evidence);
  const some = owner === undefined ? evidence.facts.all : (evidence.facts.byOwner.get(owner) ?? []);
  const [xs, ys] = pair.map(({ keys, statistic }) =>
    some.filter(
      (fact) =>
        isNumber(fact) &&
        fitsMeasure(fact.measure, keys === undefined ? [] : [keys]) &&
        (statistic === undefined || fact.statistic === (statistic === 'best' ? bestOf(fact) : statistic)),
    ),
  );
  let seen = false;
  for (const x of xs!) {
    for (const y of ys!) {
      if (!isOfOne(x, y, pair)) continue;
      seen = true;
      if (side === 'up' ? x.value > y.value : x.value < y.value) return true;
    }
  }
  return seen ? false : undefined;
}

/** Which end of a curve is its best. */
function bestOf({ column }: CellFact): SaidStatistic {
  const end = wantedEnd('better', 'best', column);
  return end === undefined || column.facts.some(({ statistic }) => statistic === 'best')
    ? 'best'
    : end === 'high'
      ? 'max'
      : 'min';
}

/** Of the same thing, or each of the row that bears its name; and of one measure or one statistic. */
function isOfOne(x: CellFact, y: CellFact, [a, b]: readonly [Operand, Operand]): boolean {
  const isSame = x.owner === y.owner || (x.owner === labelOwner(x.measure) && y.owner === labelOwner(y.measure));
  const isOneStatistic = a.statistic === b.statistic;
  return isSame && x !== y && x.column.finding === y.column.finding
    ? isOneStatistic
      ? x.statistic === y.statistic && x.measure !== y.measure
      : x.measure === y.measure && x.column.finding === y.column.finding
    : isSame && x !== y && isOneStatistic && x.statistic === y.statistic && x.measure !== y.measure;
}

const BEYOND = /(?:^| )than(?: |$)|^(?:exceed(?:s|ed)?|surpass(?:es|ed)|above|below|under|over) /;

function operandPair(
  sentence: Sentence,
  from: number,
  at: number,
  to: number,
): readonly [Operand, Operand] | undefined {
  const path = sentence.shapes
    .slice(at, to)
    .filter((shape) => shape !== '')
    .join(' ');
  const own = statisticsFor(sentence, from, at);
  const all = sentence.measures.filter((one) => one.at >= from && one.at < to);
  const others = all.filter((one) => !sentence.things.some((thing) => thing.at === one.at));
  const measures = others.length > 1 ? others : all;
  const a = measures.filter((one) => one.at < at).at(-1)?.keys;
  if (!BEYOND.test(`${path} `)) return comparedBefore(sentence, at, path, own, a);
  if (
    /^(?:over|under|above|below)$/.test(sentence.tokens[at]!.lower) &&
    !/(?:^| )(?:is|was|are|were|lies|lay|stays|stayed|remains|remained|sits|M|mean|median|N|ends|ended|,)$/.test(
      shapesBefore(sentence, at, 1),
    )
  )
    return undefined;
  const next = measures.find((one) => one.at > at);
  const b = next === undefined || sentence.shapes.slice(at, next.at).includes(',') ? undefined : next.keys;
  const other = statisticsFor(sentence, at + 1, to);
  if (a !== undefined && b !== undefined && !sameKeys(a, b)) {
    const shared = other[0] ?? own.at(-1);
    const isShared = own.length === 0 || other.length === 0 || own.at(-1) === other[0];
    return isShared
      ? [
          { keys: a, statistic: shared },
          { keys: b, statistic: shared },
        ]
      : undefined;
  }
  const [first, second] = [
    own.at(-1) ?? (own.length === 0 ? other[1] : undefined),
    other[0] ?? (/(?:above|below|over|under|than) it /.test(`${path} `) ? own.at(-2) : undefined),
  ];
  if (first === undefined || second === undefined || first === second) return undefined;
  const keys = a ?? b ?? (sentence.context.measures.size > 0 ? sentence.context.measures : undefined);
  return [
    { keys, statistic: first },
    { keys, statistic: second },
  ];
}

/** "the mean, if compared with the median, is the larger"; "max val_loss 1.6 vs max train_loss 1.5: val_loss higher". */
function comparedBefore(
  sentence: Sentence,
  at: number,
  path: string,
  own: readonly SaidStatistic[],
  keys: ReadonlySet<string> | undefined,
): readonly [Operand, Operand] | undefined {
  const [first, second] = own;
  if (!AGAINST.test(sentence.shapes.slice(0, at).join(' ')) || !SAID.test(path.split(' ').slice(1, 2).join(' ')))
    return undefined;
  if (own.length === 2 && first !== second)
    return [
      { keys, statistic: first },
      { keys, statistic: second },
    ];
  const other =
    keys === undefined ? undefined : sentence.measures.find((one) => one.at < at && !sameKeys(one.keys, keys))?.keys;
  const isShared = own.every((one) => one === first);
  return other === undefined || !isShared
    ? undefined
    : [
        { keys, statistic: first },
        { keys: other, statistic: first },
      ];
}

const sameKeys = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => [...a].some((key) => b.has(key));

/** Statistics in their order, `largest` and `smallest` among them. */
function statisticsFor(sentence: Sentence, from: number, to: number): SaidStatistic[] {
  const found = statisticsIn(sentence, from, to).map(({ at, statistic }) => ({ at, statistic }));
  for (let at = from; at < to; at++) {
    const { lower } = sentence.tokens[at]!;
    if (/^(?:largest|greatest|biggest)$/.test(lower)) found.push({ at, statistic: 'max' });
    else if (lower === 'smallest') found.push({ at, statistic: 'min' });
    else if (lower === 'best' && /(?:^| )at its$/.test(shapesBefore(sentence, at, 2)))
      found.push({ at, statistic: 'best' });
  }
  return found.sort((x, y) => x.at - y.at).map(({ statistic }) => statistic);
}

/** The one thing that is spoken of: by its name, as the row that a measure's coefficient is of, or since only it was asked for. */
function ownerHere({ things, context, measures }: Sentence, evidence: Evidence): Owner | undefined {
  const named = things.filter(({ isExperiment, isLabel }) => !isExperiment && !isLabel);
  const labels = things.filter(({ isLabel }) => isLabel);
  const who = named.length > 0 ? named : labels.length === 1 && measures.length > 2 ? labels : context.topic;
  const owners = [...new Set(who.flatMap((thing) => [...thing.owners]))];
  return owners.length === 1 ? owners[0] : owners.length === 0 ? evidence.onlyOwner : undefined;
}

// ---- which way

/** "acc falls with each newer run", "the mean drops from week to week": first and last by time. */
function movement(sentence: Sentence, at: number, evidence: Evidence): boolean | undefined {
  const way = TRENDS.get(sentence.tokens[at]!.lower);
  if (way === undefined || isDenied(sentence, at)) return undefined;
  const [from, to] = clauseOf(sentence, at);
  const said = sentence.shapes
    .slice(from, to)
    .filter((shape) => shape !== '')
    .join(' ');
  const since = keptSince(sentence, at, way, evidence);
  if (since !== undefined) return since;
  const isBackwards =
    /(?:newest|latest|last|newer) (?:run )?to (?:the )?(?:oldest|earliest|first|older)|(?:each|every) older/.test(said);
  if (!isBackwards && !OVER_TIME.test(said)) return undefined;
  const keys = sentence.measures.filter((one) => one.at >= from && one.at < to).map(({ keys: some }) => some);
  const wanted = keys.length > 0 ? keys : sentence.context.measures.size > 0 ? [sentence.context.measures] : [];
  const statistics = spokenOf(sentence, at);
  let seen = false;
  for (const { facts, cut, isMain } of evidence.facts.columns) {
    if (cut > 0 || facts.length < 3 || (wanted.length === 0 && !isMain) || !fitsMeasure(facts[0]!.measure, wanted))
      continue;
    const path = facts
      .filter(
        (fact) =>
          isNumber(fact) && (statistics.size === 0 || fact.statistic === undefined || statistics.has(fact.statistic)),
      )
      .flatMap((fact) => {
        const time = timeOf(fact, evidence);
        return time === undefined ? [] : [{ time, value: fact.value as number }];
      });
    if (path.length < 3) continue;
    path.sort((a, b) => (isBackwards ? b.time - a.time : a.time - b.time));
    seen = true;
    if (
      path.every(
        ({ value }, index) =>
          index === 0 || (way === 'up' ? value >= path[index - 1]!.value : value <= path[index - 1]!.value),
      )
    )
      return true;
  }
  return seen ? false : undefined;
}

const OVER_TIME =
  /(?:each|every) (?:newer|later|new|next|further|passing)|from (?:run to run|week to week|one (?:run|week|N) to the next)|(?:week|run) (?:by|after) (?:week|run)|(?:oldest|earliest) (?:run |N )?to (?:the )?(?:newest|latest)|with every (?:run|week)|each (?:run|week)|over the weeks|(?:week|run) on (?:week|run)|steadily over time/;

/** When a row's run started, or the day that labels it. */
function timeOf({ owner }: CellFact, { facts }: Evidence): number | undefined {
  if (owner === undefined) return undefined;
  const day = /^group:(\d{4})_(\d\d)_(\d\d)$/.exec(owner);
  if (day !== null) return Date.UTC(Number(day[1]), Number(day[2]) - 1, Number(day[3]));
  const started = facts
    .of(owner, 'start_time')
    .find(({ value }) => typeof value === 'number' || typeof value === 'string')?.value;
  const time = typeof started === 'string' ? Date.parse(started) : started;
  return time === undefined || Number.isNaN(time) ? undefined : time;
}

/** "after step 26 it keeps falling": against the points of the curve. */
function keptSince(sentence: Sentence, at: number, way: 'up' | 'down', evidence: Evidence): boolean | undefined {
  const steps = sentence.tokens.flatMap(({ numeral }, index) =>
    numeral !== undefined &&
    /(?:^| )(?:after|from|since|past|beyond) (?:step|epoch)$/.test(shapesBefore(sentence, index, 2))
      ? [numeral.value]
      : [],
  );
  const owner = ownerHere(sentence, evidence);
  if (steps.length !== 1 || owner === undefined) return undefined;
  const path = sentence.shapes.slice(at + 1).join(' ');
  if (/(?:^| )(?:to|until|till) (?:step )?N(?: |$)/.test(path)) return undefined;
  const series = evidence.findings.flatMap(({ data }) => data.series ?? []).filter(({ of }) => refKey(of) === owner);
  const changes = series.flatMap(({ points }) => {
    const start = points.find(({ step }) => Number(step) >= steps[0]!);
    const end = points.at(-1);
    return start === undefined || end === undefined || !Number.isFinite(end.value - start.value) || start === end
      ? []
      : [end.value - start.value];
  });
  return changes.length === 0 ? undefined : changes.some((change) => (way === 'up' ? change > 0 : change < 0));
}

const isDenied = (sentence: Sentence, at: number): boolean =>
  /(?:^| )(?:not|never|n't|no|if|nor|neither)(?: \w+)?$/.test(shapesBefore(sentence, at, 3));

/** "fell from 2.4 to 0.3" against its own numbers; "f1 dropped" against what was found. */
function trend(sentence: Sentence, at: number, evidence: Evidence): boolean | undefined {
  const way = TRENDS.get(sentence.tokens[at]!.lower);
  if (way === undefined || isDenied(sentence, at)) return undefined;
  const path = sentence.shapes
    .slice(at + 1)
    .filter((shape) => shape !== '')
    .join(' ');
  const numbers = sentence.tokens
    .slice(at + 1)
    .flatMap(({ numeral }) => (numeral === undefined ? [] : [numeral.value]));
  if (/^(?:\w+ )?from N to N/.test(path) && numbers.length >= 2)
    return way === 'up' ? numbers[1]! > numbers[0]! : numbers[1]! < numbers[0]!;
  const [from, to] = clauseOf(sentence, at);
  const keys = sentence.measures.filter((one) => one.at >= from && one.at < to).map(({ keys: some }) => some);
  const things = comparable(sentence).filter(({ isLabel }) => !isLabel);
  if (keys.length === 0 && things.length === 2 && /(?:^| )from /.test(path)) keys.push(sentence.context.measures);
  if (keys.length !== 1) return undefined;
  const isWay = (change: number) => (way === 'up' ? change > 0 : change < 0);
  if (things.length === 2) {
    const [a, b] = things.map(({ owners }) => centreOf(owners, keys, sentence, evidence));
    if (a !== undefined && b !== undefined && a !== b) return isWay(b - a);
  }
  const changes = evidence.facts.all.filter(
    ({ measure, value }) =>
      typeof value === 'number' && keys.some((some) => [...some].some((key) => measure === `${key} change`)),
  );
  if (changes.length > 0) return changes.some(({ value }) => isWay(value as number));
  const owner = ownerHere(sentence, evidence);
  if (owner === undefined) return undefined;
  const own = (evidence.facts.byOwner.get(owner) ?? []).filter(
    ({ measure, value }) => typeof value === 'number' && keys.some((some) => some.has(measure)),
  );
  const [first, last] = (['first', 'last'] as const).map(
    (statistic) => own.find((fact) => fact.statistic === statistic)?.value as number | undefined,
  );
  return first === undefined || last === undefined || !Number.isFinite(first - last) || first === last
    ? undefined
    : isWay(last - first);
}

function centreOf(
  owners: ReadonlySet<Owner>,
  keys: readonly ReadonlySet<string>[],
  sentence: Sentence,
  { facts }: Evidence,
): number | undefined {
  const isOwn = (fact: CellFact) =>
    fact.owner !== undefined &&
    owners.has(fact.owner) &&
    isNumber(fact) &&
    (keys.some((some) => some.size > 0) ? fitsMeasure(fact.measure, keys) : fact.column.isMain);
  const found = facts.all.filter(isOwn);
  const wantsMedian = sentence.shapes.includes('median');
  return (
    (found.find(({ statistic }) => statistic === (wantsMedian ? 'median' : 'mean'))?.value as number | undefined) ??
    (found.length === 1 ? (found[0]!.value as number) : undefined)
  );
}

/** "higher is better" against what the finding took for better. */
function direction(sentence: Sentence, at: number, evidence: Evidence): boolean | undefined {
  const { lower } = sentence.tokens[at]!;
  if (
    lower !== 'better' ||
    (!/(?:^| )(?:is|=|as|was|being|were|are|treated as|considered|:)(?: the)?$/.test(shapesBefore(sentence, at, 2)) &&
      !/(?:^| )(?:higher|lower)$/.test(shapesBefore(sentence, at, 1)))
  )
    return undefined;
  const said = sentence.tokens
    .slice(Math.max(0, at - 9), at)
    .map((token) =>
      /^(?:higher|larger|greater)$/.test(token.lower)
        ? 'higher'
        : /^(?:lower|smaller)$/.test(token.lower)
          ? 'lower'
          : undefined,
    )
    .findLast((one) => one !== undefined);
  const own = evidence.findings.flatMap((finding) =>
    finding.direction === undefined ? [] : [finding.direction.value],
  );
  if (said === undefined || own.length === 0) return undefined;
  return own.includes(said);
}

/** "negatively associated" against the sign of the correlation. */
function association(sentence: Sentence, at: number, evidence: Evidence): boolean | undefined {
  const { lower } = sentence.tokens[at]!;
  const sign = /^(?:negative|negatively|inverse|inversely|opposite)$/.test(lower)
    ? -1
    : /^(?:positive|positively)$/.test(lower)
      ? 1
      : undefined;
  return sign === undefined || NO_ORDER.test(shapesBefore(sentence, at, 2)) ? undefined : hasSign(sign, evidence);
}

function hasSign(sign: number, evidence: Evidence): boolean | undefined {
  const coefficients = evidence.facts.all.filter(
    ({ measure, owner, value }) =>
      typeof value === 'number' &&
      Math.abs(value) <= 1 &&
      /pearson|spearman/.test(`${owner} ${measure}`) &&
      !/from|to$|^p_|_p$/.test(measure),
  );
  return coefficients.length === 0 ? undefined : coefficients.some(({ value }) => Math.sign(value as number) === sign);
}

const TOGETHER =
  /(?:^| )(?:tends?|as|with|when|whenever|where|usually|generally|also|goes?|comes?|the (?:higher|lower|more|larger|greater))(?: |$)/;

/** "runs with a high f1 tend to have a low accuracy", "as f1 increases, accuracy decreases". */
function tendency(sentence: Sentence, at: number, evidence: Evidence): boolean | undefined {
  if (!TENDENCIES.has(sentence.tokens[at]!.lower) || isDenied(sentence, at)) return undefined;
  const [from, to] = clauseOf(sentence, at);
  const shapes = sentence.shapes.slice(from, to);
  const ways = shapes.flatMap((shape, index) =>
    TENDENCIES.has(shape) ? [{ at: from + index, way: TENDENCIES.get(shape)! }] : [],
  );
  const measures = sentence.measures.filter((one) => one.at >= from && one.at < to);
  const [a, b] = ways;
  const [x, y] = measures;
  if (
    ways.length !== 2 ||
    b!.at !== at ||
    measures.length !== 2 ||
    sameKeys(x!.keys, y!.keys) ||
    shapes.includes('than') ||
    !TOGETHER.test(shapes.join(' '))
  )
    return undefined;
  // Each measure with a way of its own.
  const isPaired =
    Math.min(x!.at, a!.at) < Math.min(y!.at, b!.at) &&
    Math.max(x!.at, a!.at) < Math.max(y!.at, b!.at) &&
    Math.max(x!.at, a!.at) < Math.max(b!.at, y!.at);
  return isPaired ? hasSign(a!.way === b!.way ? 1 : -1, evidence) : undefined;
}
