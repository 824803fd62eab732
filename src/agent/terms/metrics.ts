/** How people shorten the words of keys, and the words in keys that name nothing alone. */
import { wordSet } from './words.ts';

/** Each on both sides, so that `val acc` is `validation_accuracy`. */
export const SHORT_FORMS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    acc: 'accuracy',
    accuracies: 'accuracy',
    validation: 'val',
    valid: 'val',
    training: 'train',
    testing: 'test',
    lr: 'learning_rate',
    wd: 'weight_decay',
    bs: 'batch_size',
    auroc: 'auc_roc',
    losses: 'loss',
    scores: 'score',
    dur: 'duration',
    durations: 'duration',
    runtime: 'duration',
    algo: 'algorithm',
    algorithms: 'algorithm',
    estimators: 'estimators',
    params: 'param',
    latencies: 'latency',
    rho: 'spearman_rho',
    spearman: 'spearman',
    ρ: 'spearman_rho',
  }),
);

/** A part of a key that may not stand for it. */
export const GENERIC_PARTS = wordSet(
  `score rate value total count size num number mean avg average max min median std sd final best last first top test val train
   eval mode type name id key all n of in at by to on p r c k a run runs status model data step steps epoch epochs time long
   short new old high low start end source user change relative verdict metric param parameter points values distinct`,
);
