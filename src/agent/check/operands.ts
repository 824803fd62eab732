/** The two that a comparative sets against each other. */
import { clauseOf, segmentOf, shapesAfter, shapesBefore, shapesBetween } from './clauses.ts';
import type { Sentence, Thing } from './sentence.ts';

export const NO_ORDER = /(?:^| )(?:or|no|not|n't|any|if|never|neither|nor|whether|even|is the)$/;

export const AGAINST = /(?:^| )(?:vs|versus|against|(?:compared|comparing) (?:with|to)|unlike)(?: |$)/;

/** What may follow a comparative that says nothing more of whom it is set against. */
export const SAID = /^(?:$|[.,;:)(!]|M|one|common|frequent|often|numerous|on|in|by|for|here|there)(?: |$)/;

/** "A is higher than B", "A edges out B"; "A vs B: B higher"; "the former is ahead of the latter". */
export function operands(
  sentence: Sentence,
  at: number,
  things: readonly Thing[],
): [Thing | undefined, Thing | undefined] {
  const [from, to] = segmentOf(sentence, at);
  const [clauseFrom, clauseTo] = clauseOf(sentence, at);
  const after = shapesAfter(sentence, at, 4);
  const object = things.find((thing) => thing.at > at && thing.at < clauseTo);
  const link = object === undefined ? '' : shapesBetween(sentence, at + 1, object.at);
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
  if (isObject) return [subject ?? onlyOther(things, at, object), object];
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
  const before = shapesBetween(sentence, 0, at);
  const isSetAgainst = AGAINST.test(before) && SAID.test(after);
  const isListed =
    /(?:^| )(?:→|or|and|,)(?: |$)/.test(sentence.shapes.slice(0, from).join(' ')) &&
    own.length === 1 &&
    at + 1 >= to - 1 &&
    others.every((thing) => thing.at < from);
  return [subject, isSetAgainst || isListed ? distinct[0] : undefined];
}

/** "With 64 the accuracy is 0.93, while the loss is higher than with 32": whom the clause before spoke of. */
function onlyOther(things: readonly Thing[], at: number, object: Thing): Thing | undefined {
  const others = things.filter((thing) => thing.at < at && !sharesOwner(thing, object));
  return others.length > 0 && others.every((one) => sharesOwner(one, others[0]!)) ? others[0] : undefined;
}

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
  /(?:^| )(?:than|vs|versus|ahead of|behind|beats|compared with|compared to|against|like|unlike)(?: (?:that of|those of|the M of|the|N (?:for|at|with|in|of)))?$/.test(
    shapesBefore(sentence, at, 4),
  ) && at > 2;

const isPronoun = (sentence: Sentence, from: number, at: number): boolean =>
  /(?:^| )(?:it|they|this|its|which)(?: |$)/.test(sentence.shapes.slice(from, at).join(' '));

/** What `it` is: the first thing of the sentence, else what the one before was about. */
function pronoun(sentence: Sentence, things: readonly Thing[], at: number): Thing | undefined {
  const [first] = things.filter((thing) => thing.at < at);
  return first ?? (sentence.context.topic.length === 1 ? sentence.context.topic[0] : undefined);
}
