import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawChart } from '../../src/present/chart.ts';
import { displayWidth } from '../../src/present/width.ts';
import { curve, curves } from './charts.ts';
import { FORBIDDEN, plainScreen } from './screens.ts';

const falling = Array.from({ length: 101 }, (_, step) => 1 - step / 100);

describe('drawChart', () => {
  it('draws a falling line from corner to corner', () => {
    expect(drawChart(curves([curve('run-017', falling)], 'training_loss'), plainScreen(60))).toMatchInlineSnapshot(`
      [
        "training_loss",
        "   1 ┤⠉⠒⠤⣀",
        "     │    ⠉⠑⠢⢄⡀",
        "     │        ⠈⠉⠒⠤⢄⡀",
        "     │             ⠈⠑⠢⢄⡀",
        "     │                 ⠈⠉⠒⠢⢄⡀",
        "     │                      ⠈⠑⠢⢄⡀",
        " 0.5 ┤                          ⠈⠉⠑⠢⢄⡀",
        "     │                               ⠈⠑⠢⢄⣀⡀",
        "     │                                    ⠈⠑⠢⢄⡀",
        "     │                                        ⠈⠑⠒⠤⣀⡀",
        "     │                                             ⠈⠑⠢⢄⡀",
        "   0 ┤                                                 ⠈⠉⠒⠤⣀",
        "     └┬──────────────────────────┬─────────────────────────┬",
        "      0                         50                       100",
        "⠤⠤⠤⠤ training_loss of run-017 (00cdef01)",
      ]
    `);
  });

  it('draws the same with ASCII', () => {
    const screen = plainScreen(60, { unicode: false });
    expect(drawChart(curves([curve('a', falling)], 'loss'), screen).join('\n')).toMatch(/^[\x20-\x7e\n]+$/);
  });

  it('leaves a gap at what is not finite and marks it', () => {
    const values = falling.map((value, step) => (step >= 40 && step < 60 ? Number.NaN : value));
    const lines = drawChart(curves([curve('a', values)], 'loss'), plainScreen(60));
    expect(lines.at(-1)).toBe('× NaN (20)');
    const plot = lines.slice(1, 13).map((line) => line.slice(line.search(/[│┤]/) + 1));
    const middle = plot.map((line) => line.slice(24, 30)).join('');
    expect(middle.replaceAll(' ', '')).toMatch(/^×+$/);
  });

  it('marks +Infinity at the top', () => {
    const lines = drawChart(curves([curve('a', [1, Number.POSITIVE_INFINITY, 0.5])], 'loss'), plainScreen(60));
    expect(lines[1]).toContain('▲');
  });

  it('takes a logarithmic scale for more than two decades, and says so', () => {
    const scale = (most: number) => drawChart(curves([curve('a', [1, most])], 'loss'), plainScreen(60)).join('\n');
    expect(scale(101)).toContain('logarithmic scale');
    expect(scale(99)).not.toContain('logarithmic scale');
  });

  it('tells several curves apart without colour', () => {
    const series = ['a', 'b', 'c'].map((name) => curve(name, falling));
    const legend = drawChart(curves(series, 'loss'), plainScreen(60)).slice(-3);
    expect(new Set(legend.map((line) => line.split(' ')[0])).size).toBe(3);
  });

  it('says how many points are drawn of those logged', () => {
    const sampled = { ...curve('a', falling), logged: 20_000 };
    expect(drawChart(curves([sampled], 'loss'), plainScreen(80)).at(-1)).toContain('101 of 20,000 points drawn');
  });

  it('fits any curve into any width, and sends nothing of a name raw', () => {
    const value = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_VALUE, 0));
    const series = fc
      .tuple(fc.string({ unit: 'binary', maxLength: 20 }), fc.array(value, { maxLength: 30 }))
      .map(([name, values]) => curve(name, values));
    const width = fc.integer({ min: 40, max: 160 });
    fc.assert(
      fc.property(fc.array(series, { maxLength: 4 }), width, fc.boolean(), (drawn, columns, unicode) => {
        for (const line of drawChart(curves(drawn, 'x'.repeat(70)), plainScreen(columns, { unicode }))) {
          expect(displayWidth(line)).toBeLessThanOrEqual(columns);
          expect(line).not.toMatch(FORBIDDEN);
        }
      }),
    );
  });
});
