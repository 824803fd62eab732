/** Numbers in words. */

const UNITS = `zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen`.split(/\s+/);
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

/** `seven` → 7, `forty` → 40. */
export const CARDINALS: ReadonlyMap<string, number> = new Map([
  ...UNITS.map((word, value): [string, number] => [word, value]),
  ...TENS.map((word, place): [string, number] => [word, (place + 2) * 10]),
]);

/** What the number before is multiplied by. */
export const POWERS: ReadonlyMap<string, number> = new Map([
  ['hundred', 100],
  ['thousand', 1e3],
  ['million', 1e6],
  ['billion', 1e9],
]);

/** Collective words that count. */
export const GROUPS_OF: ReadonlyMap<string, number> = new Map([
  ['dozen', 12],
  ['dozens', 24],
  ['pair', 2],
  ['trio', 3],
  ['quartet', 4],
]);

export const ORDINALS: ReadonlyMap<string, number> = new Map(
  `first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth`
    .split(' ')
    .map((word, index): [string, number] => [word, index + 1]),
);

/** Parts of a whole: `third` → 1/3, alone or behind a number (`two thirds`). */
export const PARTS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    half: 2,
    halves: 2,
    third: 3,
    thirds: 3,
    quarter: 4,
    quarters: 4,
    fifth: 5,
    fifths: 5,
    sixth: 6,
    sixths: 6,
    seventh: 7,
    sevenths: 7,
    eighth: 8,
    eighths: 8,
    ninth: 9,
    ninths: 9,
    tenth: 10,
    tenths: 10,
    twelfth: 12,
    hundredth: 100,
  }).map(([word, parts]): [string, number] => [word, 1 / parts]),
);

export const MULTIPLES: ReadonlyMap<string, number> = new Map(
  Object.entries({
    twice: 2,
    double: 2,
    doubled: 2,
    doubles: 2,
    thrice: 3,
    triple: 3,
    tripled: 3,
    triples: 3,
    quadruple: 4,
    quadrupled: 4,
    quadruples: 4,
    quintuple: 5,
    halved: 0.5,
    halves: 0.5,
  }),
);
