/** "Negatively associated", "as f1 rises, accuracy falls": against the sign of a correlation. */
import { TENDENCIES } from '../terms/comparison.ts';
import { clauseOf, shapesBefore } from './clauses.ts';
import type { Evidence } from './evidence.ts';
import { sameKeys } from './measure-order.ts';
import { NO_ORDER } from './operands.ts';
import type { Sentence } from './sentence.ts';
import { isDenied } from './trends.ts';

/** "negatively associated" against the sign of the correlation. */
export function association(sentence: Sentence, at: number, evidence: Evidence): boolean | undefined {
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
export function tendency(sentence: Sentence, at: number, evidence: Evidence): boolean | undefined {
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
