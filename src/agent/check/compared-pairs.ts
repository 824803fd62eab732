/** The pairs of values that a number may be a gap or a ratio of. */
import { pairsOf } from './amounts.ts';
import type { Evidence } from './evidence.ts';
import { type NumberReading, sinceNumber } from './number-reading.ts';
import type { Owner } from './table-shape.ts';

/** Of the things named here and before; where one or none is, of any two. */
export function pairsHere(reading: NumberReading, withLeaders = true) {
  const { things, context, measures } = reading.sentence;
  const named = things.flatMap(({ owners }) => [...owners]);
  const owners = [
    ...new Set([
      ...named,
      ...(named.length < 2 ? [...context.topic.flatMap((thing) => [...thing.owners]), ...context.named] : []),
    ]),
  ];
  const keys = measures.length > 0 ? measures.map((one) => one.keys) : reading.said.measures;
  const labels = measures.flatMap(({ at }) => [...(reading.sentence.tokens[at]!.meaning?.owners ?? [])]);
  const all: Owner[] = [...new Set([...owners, ...labels])];
  const others =
    named.length === 0 || reading.said.isOpen ? leadersHere(reading) : neighboursOf(named, reading.evidence);
  const enough = all.length >= 2 || !withLeaders ? all : [...new Set([...all, ...others])];
  // Where neither whom nor what is named, only what the lists are about can be meant.
  const onlyMain = all.length === 0 && keys.length === 0;
  return [...pairsOf(enough, labels.length > 1 ? [] : keys, reading.evidence, onlyMain)];
}

function leadersHere(reading: NumberReading): Owner[] {
  return leaders(
    reading.evidence,
    reading.said.isOpen || /(?:^| )(?:range|spread|span|within)(?: |$)/.test(sinceNumber(reading)) ? 8 : 3,
  );
}

/** Whoever stands first in the lists: what others are measured against. */
export const leaders = ({ facts }: Evidence, most = 8): Owner[] =>
  [
    ...new Set(
      facts.columns
        .filter(({ isMain }) => isMain || most > 3)
        .flatMap(({ facts: own }) => own.slice(0, most).flatMap(({ owner }) => (owner === undefined ? [] : [owner]))),
    ),
  ].slice(0, 12);

/** Who stands right before and behind these in the lists, and first. */
function neighboursOf(owners: readonly Owner[], { facts }: Evidence): Owner[] {
  return facts.columns.flatMap(({ facts: own }) => {
    const at = own.findIndex(({ owner }) => owner !== undefined && owners.includes(owner));
    return at < 0
      ? []
      : [own[0], own[at - 1], own[at + 1]].flatMap((fact) => (fact?.owner === undefined ? [] : [fact.owner]));
  });
}
