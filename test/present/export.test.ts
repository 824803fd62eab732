import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding, FindingBody } from '../../src/finding/finding.ts';
import type { Cell, ColumnKind } from '../../src/finding/table.ts';
import { renderMarkdown } from '../../src/present/terminal.ts';
import { createBody, createFinding } from '../agent/doubles.ts';
import { curve } from './charts.ts';
import { exportTexts } from './exported.ts';
import { FORBIDDEN, plainScreen } from './screens.ts';

type Columns = Parameters<typeof createBody>[0];
const finding = (
  columns: Columns,
  rows: readonly (readonly Cell[])[],
  more: Partial<FindingBody> = {},
  handle = '#1',
) => createFinding(createBody(columns, rows, more), handle);
const csv = (...findings: readonly Finding[]) => exportTexts(findings, 'csv');
const column = (kind: ColumnKind, ...cells: readonly Cell[]) =>
  csv(
    finding(
      [['x', kind]],
      cells.map((cell) => [cell]),
    ),
  )
    .content.split('\r\n')
    .slice(1, -1);

interface Field {
  readonly text: string;
  readonly quoted: boolean;
}

/** RFC 4180 and nothing else: throws on a stray quote, a bare line end and rows of unlike length. */
function parseCsv(text: string): Field[][] {
  const rows: Field[][] = [[]];
  const field = /"((?:[^"]|"")*)"|([^",\r\n]*)/y;
  let at = 0;
  while (at < text.length) {
    field.lastIndex = at;
    const match = field.exec(text);
    if (match === null) throw new Error(`no field at ${at}`);
    const [whole, quoted, bare = ''] = match;
    rows.at(-1)?.push({ text: quoted?.replaceAll('""', '"') ?? bare, quoted: quoted !== undefined });
    at += whole.length;
    if (text[at] === ',') at += 1;
    else if (text.startsWith('\r\n', at)) {
      at += 2;
      rows.push([]);
    } else throw new Error(`stray character at ${at}`);
  }
  if (rows.pop()?.length !== 0) throw new Error('no line end at the end');
  if (new Set(rows.map((row) => row.length)).size > 1) throw new Error('rows of unlike length');
  return rows;
}

const readNumber = (text: string): number =>
  ({ inf: Number.POSITIVE_INFINITY, '-inf': Number.NEGATIVE_INFINITY })[text] ?? Number(text);

/** What a spreadsheet would run. */
const STARTS_FORMULA = /^[\s\u200b\ufeff]*[=+\-@＝＋－＠]|^[\t\r]/u;
const IS_NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$|^-inf$/i;

const nasty = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.constantFrom('=', '+', '-', '@', '＝', ' ', '\u00a0', '\t', '\r', '\n', '"', ',', ';', "'", '|', '\\', '`'),
      fc.constantFrom('<img src=x>', '\u202e', '\x1b[31m', '1e-3', '\\|', '\n=1+1', '](http://e)', '`` ` ``'),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''));
const anyNumber = fc.double();
const anyRows = fc.array(
  fc.tuple(nasty, nasty, fc.option(anyNumber, { nil: undefined }), fc.option(nasty, { nil: undefined }), fc.bigInt()),
  { minLength: 1, maxLength: 5 },
);
const COLUMNS: Columns = [
  ['run', 'run'],
  ['metrics.x', 'metric'],
  ['params.p', 'param'],
  ['step', 'count'],
];
const table = (rows: readonly (readonly [string, string, number | undefined, string | undefined, bigint])[]) =>
  finding(
    COLUMNS,
    rows.map(([id, name, value, param, step]) => [{ kind: 'run', id, name }, value, param, step]),
  );

describe('csv', () => {
  it('gives numbers back bit for bit, tells missing from empty, and starts no formula', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const { content } = csv(table(rows));
        expect(content.replaceAll('\n', '').replaceAll('\r', '').replaceAll('\t', '')).not.toMatch(FORBIDDEN);
        const [header, ...parsed] = parseCsv(content);
        expect(header?.map(({ text }) => text)).toEqual(['run_id', 'run_name', 'metrics.x', 'params.p', 'step']);
        expect(parsed).toHaveLength(rows.length);
        for (const [i, [id, name, value, param, step]] of rows.entries()) {
          const [idField, nameField, valueField, paramField, stepField] = parsed[i] ?? [];
          expect(valueField?.text === '' ? undefined : readNumber(valueField?.text ?? '')).toBe(value);
          expect(BigInt(stepField?.text ?? '')).toBe(step);
          expect([paramField?.text, paramField?.quoted].join() === ',false').toBe(param === undefined);
          for (const [field, text] of [
            [idField, id],
            [nameField, name],
            [paramField, param],
          ] as const) {
            if (!IS_NUMBER.test(field?.text ?? '')) expect(field?.text).not.toMatch(STARTS_FORMULA);
            if (text !== undefined && /^[a-z0-9 ",;.'\n]*$/i.test(text)) expect(field?.text).toBe(text);
          }
        }
      }),
    );
  });

  it('writes each kind of cell so that a program reads it', () => {
    expect(column('metric', 0.1 + 0.2, Number.NaN, Infinity, -Infinity, -0, 1e-300)).toEqual([
      '0.30000000000000004',
      'NaN',
      'inf',
      '-inf',
      '-0',
      '1e-300',
    ]);
    expect(column('count', 2n ** 63n - 1n, undefined)).toEqual(['9223372036854775807', '']);
    expect(column('time', 1_700_000_000_123, undefined, 8.64e15, 0.5)).toEqual([
      '2023-11-14T22:13:20.123Z',
      '',
      '8640000000000000',
      '0.5',
    ]);
    expect(column('param', '-0.5', '1e-3', '', 'a,b', 'true')).toEqual(['-0.5', '1e-3', '""', '"a,b"', 'true']);
    expect(csv(finding([['took', 'duration']], [[1500]])).content).toBe('took (ms)\r\n1500\r\n');
  });

  it.each(['=1+1', ' =1', '\u00a0@x', '\t1', '\n=1', '-cmd', '+1+1', '＝1', '-inf'])(
    'defuses %j, and says so',
    (text) => {
      const { content, notes } = csv(finding([['x', 'param']], [[text]]));
      expect(parseCsv(content)[1]?.[0]?.text).toBe(`'${text}`);
      expect(notes).toEqual(["1 cell got a leading ' so that no spreadsheet runs them"]);
    },
  );

  it('defuses headers too, and names columns by their keys where labels are alike', () => {
    const body = createBody([], [], {
      data: {
        tables: [
          {
            columns: [
              { key: 'metrics.lr', label: 'lr', kind: 'metric' },
              { key: 'params.lr', label: 'lr', kind: 'param' },
              { key: 'params.=x', label: '=x', kind: 'param' },
            ],
            rows: [[1, '1', 'y']],
            total: 1,
          },
        ],
      },
    });
    expect(csv(createFinding(body)).content).toBe("metrics.lr,params.lr,'=x\r\n1,1,y\r\n");
  });

  it('gives curves point by point, and says of how many', () => {
    const data = {
      tables: createBody([['a', 'text']], [['summary']]).data.tables,
      series: [curve('a', [1, Number.NaN], { logged: 20_000 }), curve('b', [0.5])],
    };
    const { content, notes } = csv(finding([], [], { kind: 'series', data, title: 'History' }));
    expect(content.split('\r\n')).toEqual([
      'run_id,run_name,metric,step,value',
      '00cdef0123456789,a,training_loss,0,1',
      '00cdef0123456789,a,training_loss,1,NaN',
      '00cdef0123456789,b,training_loss,0,0.5',
      '',
    ]);
    expect(notes).toEqual([
      '`training_loss` of `a` in #1: the 2 points drawn of 20,000 logged points',
      'left out, as a csv file holds one table: `History` of #1',
    ]);
  });

  it('says what it leaves out, and when there is nothing', () => {
    const cut = createBody([['x', 'metric']], [[1]]).data.tables.map((one) => ({ ...one, total: 40 }));
    const { content, notes } = csv(
      finding([['x', 'metric']], []),
      finding([], [], { data: { tables: cut }, title: 'Best' }, '#2'),
      finding([['x', 'metric']], [[2]], { title: 'Others' }, '#3'),
    );
    expect(content).toBe('x\r\n1\r\n');
    expect(notes).toEqual([
      '`Best` of #2 holds 1 of 40 rows',
      'left out, as a csv file holds one table: `Others` of #3',
    ]);
    expect(csv(finding([['x', 'metric']], []))).toEqual({ content: '', notes: [expect.stringMatching(/no csv/)] });
  });
});

describe('md', () => {
  const document = (one: Finding) => exportTexts([one], 'md').content;

  it('keeps a table a table, whatever is in its cells', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const text = document(table(rows));
        expect(text.replaceAll('\n', '')).not.toMatch(FORBIDDEN);
        const lines = text.split('\n').filter((line) => line.startsWith('|'));
        expect(lines).toHaveLength(rows.length + 2);
        // As GFM counts cells: a backslash takes the next character along.
        for (const line of lines) expect(line.replace(/\\./g, '').match(/\|/g)).toHaveLength(6);
        expect(text.replace(/\\./g, '').split('\n## ')[0]).not.toMatch(/<|\]\(|:\/\//);
      }),
    );
  });

  it('shows the names themselves once it is rendered', () => {
    const name = 'a_b *c* `d` | <e> [f](http://g) \\ _h_';
    const shown = renderMarkdown(
      document(
        finding(
          [
            ['x', 'param'],
            ['y', 'metric'],
          ],
          [[name, 1]],
        ),
      ),
      plainScreen(160),
    );
    expect(shown.join('\n')).toContain(name);
  });

  it('tells summary, values at full precision, cuts, caveats and coverage', () => {
    const tables = createBody(
      [
        ['x', 'metric'],
        ['y', 'param'],
      ],
      [[0.1 + 0.2, undefined]],
    ).data.tables;
    const { content, notes } = exportTexts(
      [
        finding([], [], {
          data: { tables: tables.map((one) => ({ ...one, total: 3 })) },
          caveats: [{ code: 'LOW_N', text: 'few runs' }],
        }),
      ],
      'md',
    );
    expect(content).toBe(
      [
        '## #1 Runs',
        'These are the runs.',
        '| x | y |\n|--:|--:|\n| 0.30000000000000004 | – |\n\n+2 more rows',
        '- Note: few runs',
        '42 runs matched, 40 used · experiment `churn` · last value\n',
      ].join('\n\n'),
    );
    expect(notes).toEqual(['`Runs` of #1 holds 1 of 3 rows']);
  });
});

describe('json', () => {
  it('is the findings of the answer record', () => {
    const { content } = exportTexts([finding([['x', 'metric']], [[Number.NaN], [0.1 + 0.2]])], 'json');
    expect(JSON.parse(content)[0]).toMatchObject({
      handle: '#1',
      data: { tables: [{ rows: [{ x: 'NaN' }, { x: 0.30000000000000004 }] }] },
    });
    expect(JSON.parse(exportTexts([], 'json').content)).toEqual([]);
  });
});
