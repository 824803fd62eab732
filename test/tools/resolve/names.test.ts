import { expect, test } from 'vitest';
import { nearestNames, nearMisses } from '../../../src/tools/resolve/names.ts';

const keys = (...names: string[]) => names.map((key, i) => ({ key, runs: 100 - i }));
const meant = (asked: string, ...names: string[]) => nearMisses(asked, keys(...names)).map(({ key }) => key);

test('case and separators never matter', () => {
  expect(meant('Learning Rate', 'learning_rate', 'rate')).toEqual(['learning_rate']);
  expect(meant('valLoss', 'val_loss', 'loss')).toEqual(['val_loss']);
});

test('a word of the key is surer than a similar spelling', () => {
  expect(meant('f1', 'lr', 'eval_f1_macro')).toEqual(['eval_f1_macro']);
  expect(meant('loss', 'val_loss', 'training_loss', 'lass')).toEqual(['val_loss', 'training_loss']);
});

test('usual short forms are known', () => {
  expect(meant('acc', 'accuracy')).toEqual(['accuracy']);
  expect(meant('validation loss', 'train_loss', 'val_loss')).toEqual(['val_loss']);
  expect(meant('roc_auc', 'auc')).toEqual(['auc']);
  expect(meant('lr', 'learning_rate', 'l1')).toEqual(['learning_rate']);
});

test('spelling is mended in longer names only, by two letters at most', () => {
  expect(meant('acuracy', 'accuracy', 'rmse')).toEqual(['accuracy']);
  expect(meant('rmsa', 'rmse')).toEqual([]);
  expect(meant('accordion', 'accuracy')).toEqual([]);
});

test('system metrics are meant only where nothing else is', () => {
  expect(meant('memory', 'system/memory_usage', 'memory_peak')).toEqual(['memory_peak']);
  expect(meant('memory', 'system/memory_usage')).toEqual(['system/memory_usage']);
});

test('hints are the most alike names', () => {
  expect(nearestNames('MINLP Tweaking Large', ['Default', 'MINLP Tweaking Small', 'other'])).toEqual([
    'MINLP Tweaking Small',
  ]);
  expect(nearestNames('lyrical-cow-354', ['lyrical-crow-354', 'wise-bee-985'])).toEqual(['lyrical-crow-354']);
  expect(nearestNames('rmse', ['mse', 'größe', 'mae'])).toEqual(['mse']);
  expect(nearestNames('zzz', ['abc'])).toEqual([]);
});
