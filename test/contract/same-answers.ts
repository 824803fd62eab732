/** A store held against the demo's file, opened directly: the same questions, the same answers. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore } from '../../src/mlflow/open-store.ts';
import type { TrackingStore } from '../../src/mlflow/runs/tracking-store.ts';
import { demoPath } from '../support/demo.ts';
import { ASKED } from './questions.ts';

/** @param differences reasons by the name of the question; such an answer must differ. */
export function testSameAnswers(
  open: () => Promise<TrackingStore>,
  differences: Readonly<Record<string, string>> = {},
): void {
  const { signal } = new AbortController();
  let file: TrackingStore;
  let other: TrackingStore;
  beforeAll(async () => {
    file = await openStore(demoPath);
    other = await open();
  });
  afterAll(() => Promise.all([file?.close(), other?.close()]));

  test.each(ASKED)('answers as the file does: %s', async (name, ask) => {
    const [answer, expected] = [await ask(other, signal), await ask(file, signal)];
    if (name in differences) expect(answer).not.toEqual(expected);
    else expect(answer).toEqual(expected);
  });
  if (Object.keys(differences).length > 0)
    test('each difference that is listed belongs to a question', () => {
      expect(ASKED.map(([name]) => name)).toEqual(expect.arrayContaining(Object.keys(differences)));
    });
}
