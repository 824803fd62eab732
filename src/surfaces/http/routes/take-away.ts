/** A finding as a file, by what the terminal's `/export` and `/plot` write. */
import * as z from 'zod';
import { chartOf } from '../../../finding/charts.ts';
import type { Finding } from '../../../finding/finding.ts';
import { findingJson } from '../../../finding/json.ts';
import { exportFindings } from '../../../present/export.ts';
import { joinInTurns } from '../../../present/join-in-turns.ts';
import { drawPicture } from '../../../present/picture.ts';
import { HttpError } from '../http-error.ts';
import type { HttpReply } from '../route.ts';

const TYPES = {
  csv: 'text/csv; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  json: 'application/json; charset=utf-8',
  py: 'text/x-python; charset=utf-8',
  png: 'image/png',
  svg: 'image/svg+xml',
} as const;
type Format = keyof typeof TYPES;

export const takeAwayQuery = z.strictObject({ format: z.enum(Object.keys(TYPES) as [Format, ...Format[]]) });
export const findingNumber = z
  .string()
  .regex(/^[1-9]\d{0,8}$/)
  .describe('Its handle without the #.');
export const takeAwayReply = { description: 'The file.', types: Object.values(TYPES) };

/** @throws HttpError 404 where there is no such finding, or nothing of it fits the format */
export async function takeAway(findings: readonly Finding[], number: string, format: Format): Promise<HttpReply> {
  const finding = findings.find(({ handle }) => handle === `#${number}`);
  if (finding === undefined) throw new HttpError(404, 'unknown_finding', `there is no finding #${number}`);
  const disposition = `attachment; filename="finding-${number}.${format}"`;
  return {
    headers: { 'Content-Type': TYPES[format], 'Content-Disposition': disposition },
    file: await contentOf(finding, format),
  };
}

async function contentOf(finding: Finding, format: Format): Promise<string | Uint8Array> {
  if (format === 'png' || format === 'svg') {
    const chart = chartOf(finding);
    if (chart === undefined) throw new HttpError(404, 'no_chart', `${finding.handle} has nothing to draw`);
    return drawPicture(chart, format);
  }
  if (format === 'py') return required(String(findingJson(finding).reproduce ?? ''), finding, 'no program');
  return required(await joinInTurns(exportFindings([finding], format).pieces), finding, 'no table and no curve');
}

function required(text: string, { handle }: Finding, lack: string): string {
  if (text === '') throw new HttpError(404, 'nothing_to_export', `${handle} holds ${lack}`);
  return text;
}
