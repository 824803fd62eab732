import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { expect, test } from 'vitest';
import type { FindingBody } from '../../src/finding/finding.ts';
import { findingJson } from '../../src/finding/json.ts';
import type { Cell } from '../../src/finding/table.ts';
import { findingText } from '../../src/finding/text.ts';

function finding(rows: readonly (readonly Cell[])[], total = rows.length): FindingBody {
  return {
    kind: 'table',
    title: 'Runs',
    summary: 'The answer.',
    data: {
      tables: [
        {
          columns: [
            { key: 'run', label: 'run', kind: 'run' },
            { key: 'metrics.f1', label: 'f1', kind: 'metric' },
          ],
          rows,
          total,
        },
      ],
      facts: { big: 9007199254740993n, nan: Number.NaN, missing: undefined },
    },
    coverage: {
      unit: 'run',
      scope: [{ kind: 'experiment', id: '1', name: 'churn-v3' }],
      filter: "params.a = 'x'",
      matched: 42,
      considered: 38,
      excluded: [
        { reason: 'not FINISHED', count: 3 },
        { reason: 'NaN', count: 1 },
      ],
      complete: true,
    },
    method: 'f1 last value',
    direction: { value: 'higher', source: 'name' },
    caveats: [{ code: 'LOW_N', text: 'few runs' }],
    links: [],
    reproduce: '',
    followUps: [],
    subject: { refs: [] },
  };
}

const row = (i: number): Cell[] => [{ kind: 'run', id: `${i}`.padStart(32, 'a1b2c3d4e5f6'), name: `run-${i}` }, i / 7];
const many = Array.from({ length: 500 }, (_, i) => row(i));

test('the answer comes first, then the table, the caveats and the receipt', () => {
  expect(findingText(finding([row(1), row(2)], 44))).toBe(
    [
      'The answer.',
      '',
      '| run | f1 |',
      '|---|--:|',
      '| run-1 (a1b2c3d4) | 0.1429 |',
      '| run-2 (a1b2c3d4) | 0.2857 |',
      '',
      '+42 more',
      '',
      'Note: few runs',
      '',
      "42 runs matched, 38 used (3 not FINISHED, 1 NaN) · experiment `churn-v3` · filter `params.a = 'x'` · f1 last value, higher is better (by name)",
    ].join('\n'),
  );
});

test('long lists are cut, more is shown when more was asked for, and no size passes the limit', () => {
  const lines = (text: string) => text.split('\n').filter((line) => line.startsWith('| run-')).length;
  const body = finding(many);
  expect(lines(findingText(body))).toBe(10);
  expect(findingText(body)).toContain('+490 more');
  expect(lines(findingText(finding(many.slice(0, 16))))).toBe(16);
  expect(lines(findingText({ ...body, input: { limit: 40 } }))).toBe(40);
  expect(encode(findingText(body, { rows: 500 })).length).toBeLessThanOrEqual(8_000);
  const hostile = finding(many.map(() => [{ kind: 'run', id: '0f'.repeat(16), name: '𝔘\u202e'.repeat(200) }, Math.PI]));
  expect(encode(findingText(hostile)).length).toBeLessThanOrEqual(1_000);
});

test('JSON keeps every value apart: NaN, infinities, 64-bit integers, missing', () => {
  const json = JSON.parse(
    JSON.stringify(
      findingJson(
        finding([
          [{ kind: 'run', id: 'a', name: 'x' }, Number.NaN],
          [{ kind: 'run', id: 'b', name: '' }, undefined],
          [{ kind: 'run', id: 'c', name: 'z' }, 1 / 3],
        ]),
      ),
    ),
  );
  expect(json.data.tables[0].rows).toEqual([
    { run: { kind: 'run', id: 'a', name: 'x' }, 'metrics.f1': 'NaN' },
    { run: { kind: 'run', id: 'b', name: '' } },
    { run: { kind: 'run', id: 'c', name: 'z' }, 'metrics.f1': 1 / 3 },
  ]);
  expect(json.data.facts).toEqual({ big: '9007199254740993', nan: 'NaN' });
  expect(json.coverage.excluded).toEqual({ 'not FINISHED': 3, NaN: 1 });
});

test('a user key such as __proto__ is a key like any other', () => {
  const base = finding([]);
  const columns = [{ key: '__proto__', label: '__proto__', kind: 'param' }] as const;
  const body = { ...base, data: { tables: [{ columns, rows: [['x']], total: 1 }] } };
  expect(JSON.stringify(findingJson(body))).toContain('"rows":[{"__proto__":"x"}]');
});
