import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Chart } from '../../src/finding/charts.ts';
import { shippedFont } from '../../src/present/picture/font.ts';
import { fitText, pictureText } from '../../src/present/picture/picture-text.ts';
import { drawPicture, pictureFormat } from '../../src/present/picture.ts';
import { chartsOfAllKinds, curve, curves, makeChart, runNamed } from './charts.ts';
import { FORBIDDEN } from './screens.ts';

const FONT = path.join(import.meta.dirname, '../../fonts/wqy-microhei.ttc');

async function svgOf(chart: Chart): Promise<string> {
  return new TextDecoder('utf-8', { fatal: true }).decode(await drawPicture(chart, 'svg'));
}

/** What stands in the picture but its words for screen readers. Strict: resvg refuses XML that is not well formed. */
function drawnPart(svg: string): string {
  expect(() => new Resvg(svg, { font: { loadSystemFonts: false } })).not.toThrow();
  return svg.replace(/<title>[^<]*<\/title><desc>[^<]*<\/desc>/, '');
}

/** Black on white, without any font but ours. */
function rasterize(body: string, fontFiles: string[] = []): Buffer {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"><rect width="100" height="100" fill="white"/>${body}</svg>`;
  return new Resvg(svg, { font: { loadSystemFonts: false, fontFiles } }).render().pixels;
}

const isPng = (bytes: Uint8Array): boolean => Buffer.from(bytes.subarray(1, 4)).toString() === 'PNG';

describe('the shipped font', () => {
  it.each([...'aQ@gé€Ωψд深損학モ−±×▲'])('draws %s as resvg does with the same file', (character) => {
    const font = shippedFont();
    const ours = rasterize(`<path d="${font.outline(character, 64, 10)}" transform="translate(0,80)"/>`);
    const theirs = rasterize(
      `<text x="10" y="80" font-size="64" font-family="WenQuanYi Micro Hei">${character}</text>`,
      [FONT],
    );
    const ink = theirs.reduce((sum, value) => sum + 255 - value, 0);
    const apart = theirs.reduce((sum, value, i) => sum + Math.abs(value - (ours[i] ?? 0)), 0);
    expect(ink).toBeGreaterThan(0);
    expect(apart / ink).toBeLessThan(0.02);
  });

  it('is one file with its licence beside it', () => {
    expect(readFileSync(path.join(path.dirname(FONT), 'LICENSE'), 'utf8')).toContain('Apache License, Version 2.0');
  });

  it('has no box for what it lacks', () => {
    const font = shippedFont();
    expect([0x5e9, 0x639, 0x1f680, 0xe000, 0x10ffff].map((code) => font.has(code))).toEqual(Array(5).fill(false));
    expect([0x41, 0x3c9, 0x6df1, 0xd55c, 0x20].map((code) => font.has(code))).toEqual(Array(5).fill(true));
  });
});

describe('pictureText', () => {
  it.each([
    ['ηθική', 'ηθική'],
    ['深層学習 한국어', '深層学習 한국어'],
    ['cafe\u0301', 'café'],
    ['שלום', '\\u{5e9}\\u{5dc}\\u{5d5}\\u{5dd}'],
    ['🚀 go', '\\u{1f680} go'],
    ['\u202egpj.exe', '\\u{202e}gpj.exe'],
    ['a\x1b[31m\nb', 'a\\x1b[31m\\nb'],
  ])('shows %j as %s', (text, shown) => {
    expect(pictureText(text)).toBe(shown);
  });

  it('cuts a long name before the id of its run, to the room there is', () => {
    const fitted = fitText({ head: '深'.repeat(300), tail: ' (1a2b3c4d)' }, 200, 12);
    expect(fitted).toMatch(/^深+… \(1a2b3c4d\)$/);
    expect(shippedFont().width(fitted, 12)).toBeLessThanOrEqual(200);
    expect(shippedFont().width(fitted, 12)).toBeGreaterThan(180);
  });
});

describe('drawPicture', () => {
  it('tells formats by the ending of a file', () => {
    expect(['a.svg', 'b.PNG', 'c.pdf', 'svg'].map(pictureFormat)).toEqual(['svg', 'png', undefined, undefined]);
  });

  it.each(chartsOfAllKinds(['adam', 'sgd', 'x'], [1, 0.5, 0.25]))(
    'draws $kind as SVG and PNG with its words',
    async (chart) => {
      const svg = await svgOf(chart);
      expect(svg).toMatch(/^<svg [^>]*role="img"><title>a title<\/title><desc>.{40,}<\/desc>/);
      expect(drawnPart(svg)).not.toContain('<text');
      expect(isPng(await drawPicture(chart, 'png'))).toBe(true);
    },
  );

  it('draws the same bytes for the same chart', async () => {
    const [chart] = chartsOfAllKinds(['a', 'b'], [1, 2]) as [Chart];
    const twice = await Promise.all([drawPicture(chart, 'png'), drawPicture(chart, 'png')]);
    expect(Buffer.from(twice[0]).equals(twice[1])).toBe(true);
  });

  it.each(['Latin', 'ελληνικά', '深層学習', '한국어', 'שלום'])(
    'draws the title %s, without any font of the system',
    async (title) => {
      const picture = (text: string) => drawPicture(curves([curve('a', [1, 2])], text), 'png');
      const [titled, bare] = await Promise.all([picture(title), picture('')]);
      expect(Buffer.from(titled).equals(bare)).toBe(false);
      const svg = await svgOf(curves([curve('a', [1, 2])], title));
      const outline = shippedFont().outline(pictureText(title), 17, 0);
      expect(outline.length).toBeGreaterThan(200);
      expect(svg).toContain(outline);
    },
  );

  it('leaves gaps at what is not finite, and marks it', async () => {
    const values = [1, 2, Number.NaN, 3, 4, Number.POSITIVE_INFINITY, 5, 6];
    const svg = drawnPart(await svgOf(curves([curve('a', values)])));
    const paths = [...svg.matchAll(/<path[^>]* d="(M[^"]*)"[^>]*stroke-width="([\d.]+)"/g)];
    const lines = paths.filter(([, d = '', width]) => width === '2' && d.includes('L') && !d.includes('A'));
    expect(lines.map(([, d = '']) => d.split('L').length)).toEqual([2, 2, 2]);
    expect(paths.filter(([, , width]) => width === '1.75')).toHaveLength(2);
    expect(svg).not.toContain('NaN');
  });

  it.each<[string, Chart]>([
    ['no points', curves([curve('a', [])])],
    ['nothing finite', curves([curve('a', [Number.NaN, Number.POSITIVE_INFINITY])])],
    ['one point', curves([curve('a', [0.5])])],
    ['all equal', curves([curve('a', [0.5, 0.5, 0.5], { better: 'higher' })])],
    ['the largest span', curves([curve('a', [-Number.MAX_VALUE, Number.MAX_VALUE])])],
    ['the smallest', curves([curve('a', [-5e-324, 5e-324])])],
    ['three hundred decades', curves([curve('a', [1e-150, 1e150])])],
    [
      'steps beyond 2^53',
      curves([curve('a', [], { points: [2n ** 53n, 2n ** 62n].map((step) => ({ step, value: 1 })) })]),
    ],
    ['no bars', makeChart({ kind: 'bars', value: { label: 'f1', kind: 'metric' }, bars: [], total: 0 })],
    [
      'one group of one',
      makeChart({
        kind: 'groups',
        by: 'x',
        value: { label: 'f1', kind: 'metric' },
        statistic: 'mean',
        each: 'run',
        groups: [{ name: 'a', n: 1, centre: 0, sd: undefined }],
        total: 1,
      }),
    ],
  ])('draws %s', async (_, chart) => {
    expect(drawnPart(await svgOf(chart))).not.toMatch(/NaN|Infinity|undefined/);
    expect(isPng(await drawPicture(chart, 'png'))).toBe(true);
  });

  it('says that nothing is finite rather than drawing nothing', async () => {
    const svg = await svgOf(curves([curve('a', [Number.NaN])]));
    expect(svg).toContain(shippedFont().outline('no finite value to draw', 12, 0));
  });

  it('greys all but five of more than eight curves, and says so', async () => {
    const series = Array.from({ length: 12 }, (_, i) => curve(`run-${i}`, [2, 1 - i / 20], { better: 'lower' }));
    const svg = await svgOf(curves(series));
    const grey = [...svg.matchAll(/stroke="#b8bcc2"/g)].length;
    expect(grey).toBe(7 + 1);
    expect(svg).toContain(shippedFont().outline('7 more curves, grey: ', 12, 0));
  });

  it('thins 20,000 points and keeps the extremes', async () => {
    const values = Array.from({ length: 20_000 }, (_, i) => Math.sin(i * 12.9898) + (i === 7777 ? 5 : 0));
    const svg = drawnPart(await svgOf(curves([curve('a', values)])));
    const [line = ''] = [...svg.matchAll(/<path[^>]* d="(M[^"]*)"[^>]*stroke-width="2"/g)].map(([, d]) => d ?? '');
    expect(line.split('L').length).toBeGreaterThan(1_300);
    expect(line.split('L').length).toBeLessThanOrEqual(1_360);
    // The y axis goes to 6: the spike at 5.9 lies near the top of 340 pixels.
    const tops = line.split(/[ML]/).flatMap((point) => (point === '' ? [] : [Number(point.split(',')[1])]));
    expect(Math.min(...tops)).toBeLessThan(30);
  });

  it('holds no address, script or control byte, whatever the names', async () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.constantFrom(
        '</text><script>alert(1)</script>',
        '"/><image href="https://evil.example/a.png"/>',
        'url(https://evil.example)',
        '&#x1b;]8;;https://evil.example',
        '{{datum.x}}',
        "' + datum.y + '",
        '\u202e\u2066\ufeff\u200b',
        '\ud800\uffff\ufffe\x00',
        'x'.repeat(300),
      ),
    );
    const names = fc.array(hostile, { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(names, fc.nat(4), async (some, kind) => {
        const chart = chartsOfAllKinds(some, [1, 0.5, Number.NaN], some.join(' '))[kind];
        if (chart === undefined) throw new Error('no such kind');
        const svg = await svgOf(chart);
        expect(svg).not.toMatch(FORBIDDEN);
        const drawn = drawnPart(svg);
        expect(drawn).not.toMatch(/<(?:text|script|image|a|use|style|foreignObject)\b|href|url\(|\son\w+=/i);
        expect(drawn.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|evil|datum/);
      }),
      { numRuns: 40 },
    );
  });

  it('names runs that share a name by their ids', async () => {
    const bars = [0, 1].map((i) => ({ name: runNamed('same', i), value: i + 1 }));
    const svg = await svgOf(makeChart({ kind: 'bars', value: { label: 'f1', kind: 'metric' }, bars, total: 2 }));
    const font = shippedFont();
    for (const label of ['same (00cdef01)', 'same (01cdef01)'])
      expect(svg).toContain(font.outline(label, 12, -font.width(label, 12)));
  });
});
