import { expect, test } from 'vitest';
import { groupReplicates, isMissingParam, isSeedLike, typeParam } from '../../src/analysis/params.ts';

test.each(['', ' ', 'None', 'null', 'NaN', undefined])('%j is missing', (text) => {
  expect(isMissingParam(text)).toBe(true);
});

test.each(['none-linear', '0', 'false', 'nano'])('%j is a value', (text) => {
  expect(isMissingParam(text)).toBe(false);
});

test.each(['seed', 'random_state', 'model__random_state', 'rng', 'cv_fold', 'dataSeed', 'repeat', 'trial_number'])(
  '%s tells repeats apart',
  (name) => expect(isSeedLike(name)).toBe(true),
);

test.each(['n_folds', 'num_fold', 'n_trials', 'k_fold', 'max_repeat', 'manifold', 'seeding', 'lr'])(
  '%s is part of the configuration',
  (name) => expect(isSeedLike(name)).toBe(false),
);

test('numbers are strict; spellings of one value are one level; missing is neither', () => {
  const column = typeParam(['1e-3', '0.1', '0.001', 'None', '.5', '+5E-1']);
  expect(column).toMatchObject({ kind: 'number', missing: 1, levels: ['0.001', '0.1', '+5E-1'] });
  expect([...column.codes]).toEqual([0, 1, 0, -1, 2, 2]);
  expect([...column.numbers!]).toEqual([0.001, 0.1, 0.001, Number.NaN, 0.5, 0.5]);
});

test.each([
  ['a word among numbers', ['0.1', 'auto', '1']],
  ['hexadecimal', ['0x10', '0x20', '0x10']],
  ['a unit', ['10px', '20px', '10px']],
  ['beyond a double', ['1e999', '1', '1']],
  ['an integer beyond 2^53', ['9007199254740993', '9007199254740992', '1']],
  ['booleans', ['True', 'false', 'true']],
  ['one number or nothing', ['5', 'None', '5']],
])('%s makes categories', (_, values) => {
  expect(typeParam(values).kind).toBe('category');
});

test('True and true are one level', () => {
  expect(typeParam(['True', 'true', 'False', 'true']).levels).toHaveLength(2);
});

test.each([
  ['lr', ['0.001', '0.01', '0.02'], true],
  ['model__C', ['0.5', '5', '1'], true],
  ['weight_decay', ['0.01', '0.02', '0.05'], false],
  ['units', ['16', '64', '256'], false],
  ['units', ['16', '64', '1600'], true],
  ['lr', ['0', '0.01', '100'], false],
])('%s of %j is read on a log scale: %s', (name, values, logScale) => {
  expect(typeParam(values, name).logScale).toBe(logScale);
});

test.each([
  ['x', ['1', '1.0', '1e0'], 'constant'],
  ['x', ['1', undefined, undefined], 'mostly missing'],
  ['seed', ['1', '2', '3'], 'seed-like'],
  ['out', ['/tmp/a', '/tmp/b', '/tmp/c'], 'identifier-like'],
  ['run_id', ['17', '18', '19'], 'identifier-like'],
  ['started', ['2026-01-01 10:00', '2026-01-01 11:00', '2026-01-01 12:00'], 'identifier-like'],
  ['hostname', ['a', 'b', 'a'], 'identifier-like'],
  ['model', ['resnet', 'vgg', 'vit'], 'one value per run'],
  ['model_id', ['gpt-4', 'claude', 'gpt-4'], undefined],
  ['x', ['0.1', '0.2', '0.3'], undefined],
])('%s = %j is dropped as %s', (name, values, reason) => {
  expect(typeParam(values, name).dropped).toBe(reason);
});

test('replicates agree in everything but seeds and identifiers', () => {
  const params = new Map([
    ['lr', ['0.1', '1e-1', '0.2', '0.2', '0.2']],
    ['seed', ['1', '2', '1', '2', '3']],
    ['output', ['/o/1', '/o/2', '/o/3', '/o/4', '/o/5']],
    ['dropout', [undefined, 'None', '0', '0', undefined]],
  ]);
  const [a, b, c, d, e] = groupReplicates(params, 5);
  expect(a).toBe(b);
  expect(c).toBe(d);
  expect(new Set([a, c, e]).size).toBe(3);
});

test('different models are never taken for replicates', () => {
  expect(new Set(groupReplicates(new Map([['model', ['resnet', 'vgg', 'vit']]]), 3)).size).toBe(3);
});

test('without params all runs are replicates', () => {
  expect([...groupReplicates(new Map(), 3)]).toEqual([0, 0, 0]);
  expect([...groupReplicates(new Map(), 0)]).toEqual([]);
});
