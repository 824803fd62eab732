/** What of the page's own code needs no browser: how tables sort, and what becomes of Markdown. */
import { describe, expect, test } from 'vitest';

/** The page's code is JavaScript that no build step types. */
const load = (name: string) => import(new URL(`../../../src/surfaces/http/page/assets/${name}`, import.meta.url).href);
const { compareCells, formatCell } = await load('format.js');
const { inline, Markdown, readBlocks } = await load('markdown.js');
const { createScale } = await load('scale.js');

interface Drawn {
  readonly type?: string;
  readonly props: Record<string, unknown> & { readonly children?: unknown };
}

/** Every element of what is drawn, without drawing it. */
function elementsOf(drawn: unknown): Drawn[] {
  if (Array.isArray(drawn)) return drawn.flatMap(elementsOf);
  if (typeof drawn !== 'object' || drawn === null) return [];
  const element = drawn as Drawn;
  return [element, ...elementsOf(element.props.children)];
}

const textOf = (drawn: unknown): string =>
  Array.isArray(drawn)
    ? drawn.map(textOf).join('')
    : typeof drawn === 'object' && drawn !== null
      ? textOf((drawn as Drawn).props.children)
      : String(drawn ?? '');

describe('a table', () => {
  const cells = ['10', 9, null, 'NaN', '-Infinity', 1e-7, 'Infinity', undefined, 'text'];
  const sorted = (isDown: boolean) => cells.toSorted((a, b) => compareCells(a, b, isDown));
  test('sorts numbers as numbers, with NaN and what is missing last both ways', () => {
    expect(sorted(false)).toEqual(['-Infinity', 1e-7, 9, '10', 'Infinity', 'text', 'NaN', null, undefined]);
    expect(sorted(true)).toEqual(['text', 'Infinity', '10', 9, 1e-7, '-Infinity', 'NaN', null, undefined]);
  });
  test('keeps all digits in a title, and tells what is missing from what is not a number', () => {
    expect(formatCell(0.123456789, 'metric')).toEqual({ text: '0.1235', title: '0.123456789', isNumber: true });
    expect(formatCell('NaN', 'metric')).toEqual({ text: 'NaN', isNumber: true });
    expect(formatCell(null, 'metric')).toEqual({ text: '–', isMissing: true });
    expect(formatCell('007', 'param').isNumber).toBe(false);
  });
});

describe('Markdown', () => {
  test.each([
    'a [name](javascript:alert(1))',
    '<img src=x onerror=alert(1)>',
    '![x](data:text/html,x)',
    '[a](//elsewhere.test/x)',
    '[a](ftp://elsewhere.test/x)',
  ])('makes no address of %s that leads elsewhere', (text) => {
    const elements = elementsOf(Markdown({ text, table: () => undefined }));
    expect(elements.filter(({ props }) => 'href' in props || 'src' in props)).toEqual([]);
    expect(elements.map(({ type }) => type).every((type) => type === 'p' || type === 'span')).toBe(true);
  });
  test('lets only the web through, without telling it where from', () => {
    const [link] = elementsOf(inline('[run](https://mlflow.test/#/runs/1)'));
    expect(link).toMatchObject({ type: 'a', props: { target: '_blank', rel: 'noopener noreferrer' } });
  });
  test('reads names as they were written', () => {
    expect(textOf(inline('`` a`b ``, \\*x\\* and snake_case_name'))).toBe('a`b, *x* and snake_case_name');
    const [table] = readBlocks('| a | b |\n|---|--:|\n| x \\| y | `p|q` |') as { head: string[]; rows: string[][] }[];
    expect(table).toMatchObject({ head: ['a', 'b'], rows: [['x | y', '`p|q`']], right: [false, true] });
  });
});

test('an axis has round marks, also where all values are one', () => {
  expect(createScale([0.02, 0.56], 0, 100).ticks).toEqual([0.2, 0.4]);
  expect(createScale([3, 3], 0, 100).ticks.length).toBeGreaterThan(1);
  expect(createScale([1, 1000, -5], 0, 300, { isLog: true }).at(10)).toBeCloseTo(100);
});
