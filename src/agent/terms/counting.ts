/** Words around counts: what is counted, and which part of what was found. */
import { wordMap, wordSet } from './words.ts';

/** Nouns that are counted, by their singular. */
export const COUNTED = wordMap({
  run: 'run runs ones trial trials entries entry job jobs attempts candidates parents sweeps fails failures rows',
  experiment: 'experiment experiments',
  metric: 'metric metrics measures',
  param: 'param params parameter parameters hyperparameter hyperparameters knobs settings',
  tag: 'tag tags',
  point: 'point points datapoints',
  step: 'step steps epoch epochs',
  configuration: 'configuration configurations configs config',
  group: 'group groups buckets categories',
  value: 'value values',
  algorithm: 'algorithm algorithms models',
  week: 'week weeks',
  day: 'day days',
  shuffle: 'shuffles permutations',
  curve: 'curve curves',
  dataset: 'dataset datasets',
});

/** Which count of a coverage is meant. */
export const PARTS_OF_COVERAGE = wordMap<'matched' | 'used' | 'excluded'>({
  matched: 'matched matching total altogether overall',
  used: `used considered eligible analysed analyzed ranked included usable qualifying entered scored compared counted`,
  excluded: `excluded left_out omitted skipped dropped removed discarded unranked without lacking lacked lack lacks missing nan`,
});

export const QUANTIFIERS = wordMap<'all' | 'none'>({
  all: 'all every each everything always entire both',
  none: 'no none never nothing neither zero nobody',
});

/** Which side of a bound "all" or "none" are said to be on; a number stands behind them. */
export const BOUND_SIDES = wordMap<'up' | 'down' | 'better'>({
  up: `above over exceed exceeds exceeded exceeding clear clears cleared surpass surpasses surpassed beyond more higher longer greater
       larger at_least later slower`,
  better: 'reach reaches reached reaching beat beats better get_to gets_to got_to',
  down: 'below under less lower shorter fewer smaller at_most up_to within faster quicker',
});

/** They speak of another part than the whole: what is said of it no count settles. */
export const OTHER_PARTS = wordSet(
  `other others rest remaining after behind following except apart besides but beyond else further another earlier later
   next until since before`,
);

/** Words that say a number is a bound and not a value. */
export const BOUNDS = wordSet(
  `above over below under least most than exceeding threshold cutoff exceeds exceed exceeded beyond within up_to`,
);
