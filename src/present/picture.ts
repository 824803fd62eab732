/** Charts as files. */
import type { Chart } from '../tools/kit/charts.ts';

export type PictureFormat = 'svg' | 'png';

/** By the file's ending; undefined for any other. */
export function pictureFormat(file: string): PictureFormat | undefined {
  return (['svg', 'png'] as const).find((format) => file.toLowerCase().endsWith(`.${format}`));
}

export async function drawPicture(chart: Chart, format: PictureFormat): Promise<Uint8Array> {
  throw new Error(`${chart.title} cannot be drawn as ${format} yet`);
}
