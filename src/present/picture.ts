/** A chart as a picture file: Vega-Lite → SVG with text as outlines of the shipped font, and from it PNG. */
import type { TopLevelSpec } from 'vega-lite';
import type { Chart } from '../finding/charts.ts';
import { sketchBars, sketchImpact } from './picture/bars.ts';
import { sketchCurves } from './picture/curves.ts';
import { shippedFont } from './picture/font.ts';
import { sketchGroups } from './picture/groups.ts';
import { sketchScatter } from './picture/scatter.ts';
import { type Sketch, sketchSpec, textLayer } from './picture/sketch.ts';
import { finishSvg } from './picture/svg.ts';

export type PictureFormat = 'svg' | 'png';

/** Pixels of a PNG to a pixel of the SVG, for sharp text on today's screens. */
const PNG_ZOOM = 2;

/** The format that a file's name ends in; undefined where it is neither. */
export function pictureFormat(file: string): PictureFormat | undefined {
  const ending = /\.(svg|png)$/i.exec(file)?.[1]?.toLowerCase();
  return ending === 'svg' || ending === 'png' ? ending : undefined;
}

/** The file's bytes: UTF-8 for SVG. Nothing is read but the shipped font, nothing is fetched. */
export async function drawPicture(chart: Chart, format: PictureFormat): Promise<Uint8Array> {
  const svg = await drawSvg(chart);
  if (format === 'svg') return new TextEncoder().encode(svg);
  const { Resvg } = await import('@resvg/resvg-js');
  const picture = new Resvg(svg, { fitTo: { mode: 'zoom', value: PNG_ZOOM }, font: { loadSystemFonts: false } });
  return new Uint8Array(picture.render().asPng());
}

async function drawSvg(chart: Chart): Promise<string> {
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  // Vega's types leave it out; without it Vega would guess widths, and labels would be cut or overlap.
  const { textMetrics } = vega as unknown as { textMetrics: TextMetrics };
  textMetrics.width = (item, text) => shippedFont().width(String(text ?? ''), item.fontSize ?? 11);
  const spec = sketchSpec(sketchOf(chart) ?? NOTHING, chart.title) as unknown as TopLevelSpec;
  // Vega reports its errors to a logger and goes on with half a picture.
  const faults: string[] = [];
  const logger = vega.logger(vega.Error, 'error', (_, __, messages) => faults.push(messages.join(' ')));
  const view = new vega.View(vega.parse(compile(spec, { logger }).spec), { renderer: 'none', logger });
  const svg = await view.toSVG();
  view.finalize();
  if (faults.length > 0) throw new Error(`the picture could not be drawn: ${faults[0]}`);
  return finishSvg(svg, chart.title, chart.alt);
}

interface TextMetrics {
  width(item: { readonly fontSize?: number }, text: unknown): number;
}

/** Undefined where nothing of the chart is finite. */
function sketchOf(chart: Chart): Sketch | undefined {
  switch (chart.kind) {
    case 'curve':
      return sketchCurves(chart);
    case 'bars':
      return sketchBars(chart);
    case 'scatter':
      return sketchScatter(chart);
    case 'impact':
      return sketchImpact(chart);
    case 'groups':
      return sketchGroups(chart);
  }
}

const NOTHING: Sketch = {
  layers: textLayer([{ text: 'no finite value to draw', x: 0, y: 20 }], {}),
  height: 60,
  left: 0,
  legend: [],
  notes: [],
};
