/** What an answer draws: curves, points, bars and groups, each readable by pointer, keys and as a table. */

import { Bars } from './chart-bars.js';
import { Curves } from './chart-curves.js';
import { ChartFrame } from './chart-frame.js';
import { Scatter } from './chart-scatter.js';
import { html } from './html.js';

export function Chart({ chart }) {
  const Drawing = { curve: Curves, scatter: Scatter, bars: Bars, groups: Bars, impact: Bars }[chart.kind];
  return Drawing && html`<${Drawing} chart=${chart} Frame=${ChartFrame} />`;
}
