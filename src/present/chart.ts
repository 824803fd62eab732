/** Charts drawn with terminal characters, every kind within the screen. */
import type { Chart } from '../finding/charts.ts';
import { drawBars, drawImpact } from './glyphs/bars.ts';
import { drawCurves } from './glyphs/curves.ts';
import { drawGroups } from './glyphs/groups.ts';
import { drawScatter } from './glyphs/scatter.ts';
import { sanitizeLine } from './sanitize.ts';
import { paintSpans, wrapSpans } from './spans.ts';
import type { Screen } from './style.ts';

/** No line is wider than the screen; a drawing itself stays below 120 columns. */
export function drawChart(chart: Chart, screen: Screen): string[] {
  const title = wrapSpans([{ text: sanitizeLine(chart.title), tone: 'strong' }], screen.width);
  return [...title.map((line) => paintSpans(screen, line)), ...drawBody(chart, screen)];
}

function drawBody(chart: Chart, screen: Screen): string[] {
  switch (chart.kind) {
    case 'curve': {
      const values = chart.series.flatMap(({ points }) => points.map(({ value }) => value)).filter(Number.isFinite);
      return values.length === 0 ? ['no finite value to draw'] : drawCurves(chart, values, screen);
    }
    case 'bars':
      return drawBars(chart, screen);
    case 'scatter':
      return drawScatter(chart, screen);
    case 'impact':
      return drawImpact(chart, screen);
    case 'groups':
      return drawGroups(chart, screen);
  }
}
