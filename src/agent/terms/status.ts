/** Words for what became of a run. */
import { wordMap, wordSet } from './words.ts';

export type StatusName = 'FINISHED' | 'FAILED' | 'RUNNING' | 'KILLED' | 'SCHEDULED';

export const STATUS_WORDS = wordMap<StatusName>({
  FINISHED: 'finished completed succeeded successful successfully complete',
  FAILED: 'failed fails fail failing failure failures failing crashed crash crashes errored',
  RUNNING: 'running still-running in-progress',
  KILLED: 'killed aborted terminated cancelled canceled',
  SCHEDULED: 'scheduled',
});

/** Verdicts on curves: words for what a diagnosis calls them. */
export const VERDICTS = wordMap<'overfitting' | 'diverged' | 'improving' | 'plateaued'>({
  overfitting: 'overfit overfits overfitted overfitting over-fit over-fitted',
  diverged: 'diverged diverges diverging divergence blew exploded',
  improving: 'improving',
  plateaued: 'plateaued plateau plateaus converged',
});

/** What a test of a parameter comes to. */
export const GRADES = wordSet('strong weak moderate noise');

/** Why a parameter was not tested. */
export const REASONS = wordSet('missing constant seed-like');

/** Beside them a status is not said of anything there is. */
export const NO_STATE = wordSet(
  `no none not never nor neither without zero nothing nobody if whether excluded excludes excluding omitted left skipped ignored
   besides unlike or any instead rather only except statuses status-es could would may might`,
);

/** Behind a key and "is" they are said of the key and are no value of it. */
export const NO_VALUES = wordSet(
  `same identical equal equals different differs constant unknown missing absent not shown recorded given listed named called set
   unchanged changed empty present a an the one two three four its it no none both all also only just here there available what
   best worst better worse highest lowest higher lower first second last next strong weak noise associated related
   logged stored used known n't tested untested clear unclear relevant irrelevant important stable fixed similar alike close
   left`,
);
