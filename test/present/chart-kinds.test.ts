import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawChart } from '../../src/present/chart.ts';
import { displayWidth } from '../../src/present/width.ts';
import { chartsOfAllKinds, curve, curves, makeChart, runNamed } from './charts.ts';
import { FORBIDDEN, plainScreen } from './screens.ts';

describe('drawChart', () => {
  it('draws ranked bars from 0, names cut before their ids, what is not finite by its name', () => {
    const values = [1, 0.5, Number.NaN, -0.25];
    const bars = values.map((value, i) => ({ name: runNamed(`a rather long run name ${i}`, i), value }));
    const chart = makeChart({ kind: 'bars', value: { label: 'f1', kind: 'metric' }, bars, total: 9 }, 'Runs by f1');
    expect(drawChart(chart, plainScreen(60))).toMatchInlineSnapshot(`
      [
        "Runs by f1",
        "a rather lon… (00cdef01) │      ██████████████████████ 1",
        "a rather lon… (01cdef01) │      ██████████▊            0.5",
        "a rather lon… (02cdef01) │                             NaN",
        "a rather lon… (03cdef01) │██████                       -0.25",
        "f1 · 4 of 9 shown",
      ]
    `);
  });

  it('draws the noise floor across the bars of an impact', () => {
    const bars = [
      { params: ['learning_rate'], explained: 0.8, verdict: 'strong' as const },
      { params: ['a', 'b'], explained: 0.1, verdict: 'none' as const },
    ];
    const chart = makeChart({ kind: 'impact', metric: 'f1', bars, noiseFloor: 0.2, configurations: 40 });
    expect(drawChart(chart, plainScreen(60))).toMatchInlineSnapshot(`
      [
        "a title",
        "learning_rate │████████┊████████████████████████ 80%",
        "        a + b │████▏   ┊                         10% (noise)",
        "share of the variance of f1, adjusted · ┊ noise floor 20%:",
        "what chance reaches in 95% of cases",
      ]
    `);
  });

  it('draws groups with their spread and n', () => {
    const groups = [
      { name: 'adam', n: 12, centre: 0.9, sd: 0.05 },
      { name: 'sgd', n: 1, centre: 0.7, sd: undefined },
      { name: undefined, n: 3, centre: 0.8, sd: 0.1 },
    ];
    const value = { label: 'f1', kind: 'metric' } as const;
    const chart = makeChart({
      kind: 'groups',
      by: 'optimizer',
      value,
      statistic: 'mean',
      each: 'run',
      groups,
      total: 3,
    });
    expect(drawChart(chart, plainScreen(60))).toMatchInlineSnapshot(`
      [
        "a title",
        "adam │                      ├──────●──────┤ 0.9 ± 0.05, n 12",
        " sgd │●                                     0.7, n 1",
        "none │├─────────────●──────────────┤        0.8 ± 0.1, n 3",
        "     └┬─────────────┬──────────────┬───────",
        "      0.7          0.8            0.9",
        "mean ± sd of f1 by optimizer, n in runs",
      ]
    `);
  });

  it('draws a scatter with its fit on a log axis', () => {
    const points = [0.001, 0.01, 0.1].map((x, i) => ({ x, y: i }));
    const [x, y] = [{ label: 'lr', kind: 'param', log: true } as const, { label: 'f1', kind: 'metric' } as const];
    const fit = { form: 'line', curve: [0.001, 0.1].map((at, i) => ({ x: at, y: 2 * i })) } as const;
    const chart = makeChart({ kind: 'scatter', x, y, each: 'run', points, total: 5, fit });
    expect(drawChart(chart, plainScreen(60))).toMatchInlineSnapshot(`
      [
        "a title",
        " 2 ┤                                                    ⣀⠤⠒•",
        "   │                                                ⣀⠤⠒⠉",
        "   │                                            ⣀⠤⠒⠉",
        "   │                                        ⣀⠤⠒⠉",
        "   │                                    ⣀⠤⠒⠉",
        "   │                                ⣀⠤⠒⠉",
        "   │                            ⣀⠤⠒⠉",
        " 1 ┤                        ⣀⠤⠒⠉•",
        "   │                    ⣀⠤⠒⠉",
        "   │                ⣀⠤⠒⠉",
        "   │            ⣀⠤⠒⠉",
        "   │        ⣀⠤⠒⠉",
        "   │    ⣀⠤⠒⠉",
        " 0 ┤•⠤⠒⠉",
        "   └┬───────────────────────────┬──────────────────────────┬",
        "    0.001                     0.01                       0.1",
        "• 5 runs, 3 drawn  ⠤⠤⠤⠤ fitted line",
        "along x: lr, log scale · along y: f1",
      ]
    `);
  });

  it('draws a smoothed curve over its faint points, and marks the best', () => {
    const values = Array.from({ length: 60 }, (_, i) => 1 / (i + 1) + (i % 2) * 0.2);
    const points = values.map((value, step) => ({ step, value, smoothed: 1 / (step + 1) + 0.1 }));
    const lines = drawChart(curves([curve('a', values, { points, better: 'lower' })]), plainScreen(70));
    expect(lines.at(-1)).toBe('smoothed (EMA 0.6), as logged faint behind · ◆ best');
    expect(lines.join('\n').match(/◆/g)).toHaveLength(2);
  });

  it('marks NaN, +Infinity and -Infinity apart', () => {
    const values = [1, Number.NaN, 2, Number.POSITIVE_INFINITY, 3, Number.NEGATIVE_INFINITY];
    const lines = drawChart(curves([curve('a', values)]), plainScreen(60));
    expect(lines[1]).toContain('▲');
    expect(lines[12]).toMatch(/×.*▼/);
    expect(lines.at(-1)).toBe('× NaN, ▲ +Infinity, ▼ -Infinity (3)');
    const sampled = curve('a', values, { logged: 900, nonFinite: 500 });
    expect(drawChart(curves([sampled]), plainScreen(60)).at(-1)).toContain('(500)');
  });

  it('shows the five best of more than eight curves, and says of the others that they are faint', () => {
    const series = Array.from({ length: 12 }, (_, i) => curve(`run-${i}`, [2, 1 - i / 20], { better: 'lower' }));
    const lines = drawChart(curves(series), plainScreen(200));
    const named = lines.filter((line) => line.includes('training_loss of'));
    expect(named.map((line) => /run-\d+/.exec(line)?.[0])).toEqual(['run-7', 'run-8', 'run-9', 'run-10', 'run-11']);
    expect(lines.join('\n')).toContain('7 more curves, faint: run-0 (');
  });

  it('says the axis that a curve has, when it is not steps', () => {
    const points = [0, 60_000, 240_000].map((at, step) => ({ step, value: step, at }));
    const chart = makeChart({ kind: 'curve', axis: 'time', series: [curve('a', [], { points, logged: 3 })] });
    expect(drawChart(chart, plainScreen(80)).join('\n')).toContain('time since first point (min)');
  });

  it('fits every kind into any width, and sends nothing of a name raw', () => {
    const names = fc.array(fc.string({ unit: 'binary', maxLength: 30 }), { maxLength: 10 });
    const value = fc.oneof(
      fc.double(),
      fc.constantFrom(Number.NaN, Number.NEGATIVE_INFINITY, Number.MAX_VALUE, 0, 5e-324),
    );
    const screen = fc.tuple(fc.integer({ min: 40, max: 160 }), fc.boolean(), fc.boolean());
    fc.assert(
      fc.property(names, fc.array(value, { maxLength: 20 }), screen, (some, numbers, [columns, unicode, color]) => {
        for (const chart of chartsOfAllKinds(some, numbers))
          for (const line of drawChart(chart, plainScreen(columns, { unicode, color }))) {
            const plain = line.replace(/\x1b\[\d+m/g, '');
            expect(displayWidth(plain), `${chart.kind}: ${plain}`).toBeLessThanOrEqual(columns);
            expect(plain).not.toMatch(FORBIDDEN);
          }
      }),
      { numRuns: 60 },
    );
  });

  it('draws every kind in ASCII where nothing else may be', () => {
    for (const chart of chartsOfAllKinds(['adam', 'sgd', 'x'], [1, 0.5, Number.NaN]))
      for (const line of drawChart(chart, plainScreen(60, { unicode: false }))) expect(line).toMatch(/^[\x20-\x7e]*$/);
  });
});
