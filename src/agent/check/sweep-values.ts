/** "Both use adam", "none ended as NaN", "no ties": against the values of a column. */

import { shapesAfter, shapesBetween } from './clauses.ts';
import type { Evidence } from './evidence.ts';
import type { CellFact } from './facts.ts';
import { foldName } from './fold.ts';
import { membersOf } from './populations.ts';
import { anyOf, isShown, type Sweep, settle } from './sweep.ts';

const USES =
  /^(?:M|uses?|used|using|is|are|was|were|has|have|had|N|all|both|runs?|a|with|share|one|on|ones|chose|every)$/;

export function storedTextOf(sweep: Sweep, evidence: Evidence): boolean | undefined {
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
export function sameOf({ sentence, at, end, kind, count, words }: Sweep, { facts }: Evidence): boolean | undefined {
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

export function emptyOf({ kind, words }: Sweep, { counts }: Evidence): boolean | undefined {
  if (kind !== 'none' || !words.has('empty')) return undefined;
  return counts.some(({ tags, value }) => tags.has('empty') && value > 0) ? false : undefined;
}

export function presenceOf({ sentence, at, end, kind, count }: Sweep, { facts }: Evidence): boolean | undefined {
  const mention = sentence.measures.find((one) => one.at > at && one.at < end);
  if (mention === undefined || kind === 'only') return undefined;
  const link = shapesBetween(sentence, at, mention.at);
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

export function finiteOf({ kind, words, count }: Sweep, { facts }: Evidence): boolean | undefined {
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

export function tiesOf({ kind, words, end, at }: Sweep, { facts }: Evidence): boolean | undefined {
  if (kind !== 'none' || !['tie', 'ties', 'tied'].some((word) => words.has(word)) || end - at > 7) return undefined;
  const ranked = facts.columns.filter((column) => column.direction !== undefined && column.facts[0]?.kind === 'metric');
  if (ranked.length === 0) return undefined;
  return ranked.every(
    (column) => new Set(membersOf(column).map(({ value }) => value)).size === membersOf(column).length,
  );
}

export function namesOf({ kind, words, sentence, at }: Sweep, { facts, names }: Evidence): boolean | undefined {
  const isUnique = kind === 'all' && ['unique', 'different', 'distinct'].some((word) => words.has(word));
  const isShared = kind === 'none' && words.has('same') && /^N/.test(shapesAfter(sentence, at, 1));
  if ((!words.has('name') && !words.has('names')) || (!isUnique && !isShared)) return undefined;
  const runs = [...facts.byOwner.keys()]
    .flatMap((owner) => names.refOf(owner) ?? [])
    .filter(({ kind: of }) => of === 'run');
  return runs.length < 2 ? undefined : new Set(runs.map(({ name }) => name)).size === runs.length;
}
