import { expect, test } from 'vitest';
import { directionOf, nameTokens } from '../../src/analysis/direction.ts';

test.each([
  ['val_loss', 'lower'],
  ['eval/RMSE', 'lower'],
  ['trainLoss', 'lower'],
  ['time', 'lower'],
  ['p95_latency.ms', 'lower'],
  ['f1_score', 'higher'],
  ['valAUROC', 'higher'],
  ['mAP', 'higher'],
  ['neg_log_loss', 'higher'],
  ['neg_accuracy', 'lower'],
  ['true_negative_accuracy', 'higher'],
  ['test accuracy', 'higher'],
  ['neg_mean_squared_error', 'higher'],
  ['loss_reduction', undefined],
  ['hit_time', undefined],
  ['epoch', undefined],
  ['lossy', undefined],
  ['', undefined],
])('%s is better %s', (metric, direction) => {
  expect(directionOf(metric)).toBe(direction);
});

test('names split at separators and camelCase', () => {
  expect(nameTokens('valF1Score/top-5.HTTPTime x')).toEqual(['val', 'f1', 'score', 'top', '5', 'http', 'time', 'x']);
});
