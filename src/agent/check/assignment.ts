/** Whose a value is said to be, and of which measure: read from where things, measures and values stand in a sentence. */
import type { SaidStatistic } from '../terms/statistics.ts';
import { measuresFor, statisticFor } from './assigned-measure.ts';
import { clauseOf } from './clauses.ts';
import { statisticsIn } from './mentions.ts';
import { isToldByPlace, ownersFor } from './owners.ts';
import type { Sentence, Thing } from './sentence.ts';

export interface Assignment {
  /** Things that the value may be of; each set is one reading, the likeliest first. Empty: nothing is named. */
  readonly owners: readonly (readonly Thing[])[];
  /** Whether it may as well be of a thing that is told by its place only: `the runner-up`, `the week after`. */
  readonly isOpen: boolean;
  /** Whether the measure is said elsewhere, so that another one of the same thing may be meant. */
  readonly isLoose: boolean;
  /** Experiments that the sentence is about. */
  readonly experiments: readonly Thing[];
  readonly measures: readonly ReadonlySet<string>[];
  readonly statistic: SaidStatistic | undefined;
  /** All that are spoken of in the sentence and before it: the highest of the means is a mean. */
  readonly statistics: ReadonlySet<SaidStatistic>;
}

export function assign(sentence: Sentence, at: number): Assignment {
  const [from, to] = clauseOf(sentence, at);
  const owners = ownersFor(sentence, at);
  const { readings, isLoose } = measuresFor(sentence, at);
  return {
    owners,
    isOpen: !sentence.context.isCell && isToldByPlace(sentence, at, from, to),
    isLoose: isLoose && owners.length > 0,
    experiments: sentence.things.filter((thing) => thing.isExperiment),
    measures: readings,
    statistic: statisticFor(sentence, at),
    statistics: new Set([
      ...(sentence.context.statistics ?? []),
      ...statisticsIn(sentence, 0, at).map((one) => one.statistic),
    ]),
  };
}
