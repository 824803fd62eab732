/** What only the values of a key tell: whether it is true or false, whether it has an order. */
import type { Vocabulary } from '../../tools/resolve/vocabulary.ts';
import type { KeyRef, Obstacle, Reading } from './slots.ts';

const TRUTH = /^(?:true|false|yes|no|0|1|on|off)$/iu;
/** Values that say there is none. */
const NOTHING = /^(?:none|null|nan|)$/iu;

export async function checkValues(
  reading: Reading,
  vocabulary: Vocabulary,
  signal: AbortSignal,
): Promise<Obstacle | undefined> {
  return (
    (await whichValue(reading, vocabulary, signal)) ??
    (await whichScale(reading, vocabulary, signal)) ??
    (await noOrder(reading, vocabulary, signal))
  );
}

const isText = ({ kinds }: KeyRef): boolean => kinds.every((kind) => kind === 'param' || kind === 'tag');

/** That a run has a key which is true or false is never what "reviewed runs" asks. */
async function whichValue(
  { slots }: Reading,
  vocabulary: Vocabulary,
  signal: AbortSignal,
): Promise<Obstacle | undefined> {
  for (const key of slots.keys) {
    if (key.role !== 'with' || !key.exact || !isText(key)) continue;
    const values = await vocabulary.values(key.name, signal);
    if (values.length > 0 && values.every((value) => TRUTH.test(value)))
      return { kind: 'which-value', key: key.name, values };
  }
  return undefined;
}

/** "accuracy above 80%" is 0.8 of a metric that is logged as a fraction; of another one it may be 80. */
async function whichScale(
  { slots, percents }: Reading,
  vocabulary: Vocabulary,
  signal: AbortSignal,
): Promise<Obstacle | undefined> {
  if (percents === undefined) return undefined;
  const fields = [...slots.conditions, ...slots.asked].map(({ field }) => field);
  for (const { key: metric } of fields.filter(({ kind }) => kind === 'metric')) {
    const range = await vocabulary.range(metric, signal);
    if (range !== undefined && (range.max > 1 || range.min < -1))
      return { kind: 'which-scale', metric, percents, range: [range.min, range.max] };
  }
  return undefined;
}

/** "largest model": words have no largest. Letters would order them, and mean nothing. */
async function noOrder(
  { slots, nouns }: Reading,
  vocabulary: Vocabulary,
  signal: AbortSignal,
): Promise<Obstacle | undefined> {
  const [key, ...others] = slots.keys;
  const plain = slots.superlatives.filter(({ of }) => of === undefined);
  const isTop = key?.role === 'by' && plain.some((one) => one.isTop);
  const isExtreme = plain.some(({ order }) => order !== 'best' && order !== 'worst') && !nouns.includes('run');
  if (!(isTop || isExtreme) || key === undefined || others.length > 0 || !key.exact || !isText(key)) return undefined;
  const values = await vocabulary.values(key.name, signal);
  const isOrdered = values.some((value) => !NOTHING.test(value) && Number.isFinite(Number(value)));
  return values.length === 0 || isOrdered ? undefined : { kind: 'no-order', key: key.name, values };
}
