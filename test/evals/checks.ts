/** What an answer must hold, read as a person would read it: the lead first, numbers to the digits shown. */
import { expect } from 'vitest';
import type { Answer } from '../../src/agent/events.ts';
import type { TruthRun } from './truth.ts';

export type Check = (answer: Answer) => void;

/** Prose before the first table. */
function leadOf(text: string): string {
  return text.split(/\n\s*\|/u)[0] ?? '';
}

function numbersIn(text: string): { readonly value: number; readonly half: number }[] {
  const plain = text.replace(
    /\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?)?|\b[0-9a-f]{8}\b|[\w-]*[a-z_]-?\d[\w-]*/giu,
    ' ',
  );
  return [...plain.matchAll(/(?<![\w.])[-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[-+]?\d+)?/giu)].map(([match]) => {
    const text = match.replaceAll(',', '').replace('−', '-');
    const decimals = /\.(\d+)/u.exec(text)?.[1]?.length ?? 0;
    const exponent = Number(/e([-+]?\d+)/iu.exec(text)?.[1] ?? 0);
    return { value: Number(text), half: 0.5 * 10 ** (exponent - decimals) };
  });
}

/** The text shows the number, rounded at most to the digits it shows (three significant ones at least). */
export function shows(...wanted: readonly number[]): Check {
  return ({ status, text }) => {
    expect(status, text).toMatch(/^(?:answered|partial)$/u);
    for (const want of wanted) {
      const found = numbersIn(text).some(
        ({ value, half }) =>
          Math.abs(value - want) <= half * 1.001 &&
          half <= Math.max(Math.abs(want) * 0.006, Number.isInteger(want) ? 0.5 : 0),
      );
      expect(found, `${want} in: ${text}`).toBe(true);
    }
  };
}

/** The first sentences hold the whole number. */
export function counts(want: number): Check {
  return ({ status, text }) => {
    expect(status, text).toBe('answered');
    const lead = leadOf(text);
    const found =
      numbersIn(lead).some(({ value }) => value === want) ||
      (want === 0 && /\b(?:no|none)\b/iu.test(lead)) ||
      (want === 1 && /\bone\b/iu.test(lead));
    expect(found, `${want} in the lead: ${lead}`).toBe(true);
  };
}

/** The lead names exactly this run first. */
export function leads(run: TruthRun, ...numbers: readonly number[]): Check {
  return (answer) => {
    expect(answer.status, answer.text).toBe('answered');
    const lead = leadOf(answer.text);
    const mentioned = /([\p{L}\p{N}._-]+)\W*\(([0-9a-f]{8})\)/u.exec(lead);
    expect([mentioned?.[1], mentioned?.[2]], answer.text).toEqual([run.name, run.id.slice(0, 8)]);
    if (numbers.length > 0) shows(...numbers)(answer);
  };
}

/** The runs appear in this order, before any other run. */
export function ordered(runs: readonly TruthRun[]): Check {
  return ({ status, text }) => {
    expect(status, text).toBe('answered');
    const ids = [...text.matchAll(/\(([0-9a-f]{8})\)/gu)].map(([, id]) => id);
    expect([...new Set(ids)].slice(0, runs.length), text).toEqual(runs.map(({ id }) => id.slice(0, 8)));
  };
}

/** Exactly these runs are listed; of more than ten, their number and none that does not belong. */
export function lists(runs: readonly TruthRun[]): Check {
  return (answer) => {
    counts(runs.length)(answer);
    const wanted = new Set(runs.map(({ id }) => id.slice(0, 8)));
    const shown = new Set([...answer.text.matchAll(/\(([0-9a-f]{8})\)/gu)].map(([, id]) => id ?? ''));
    expect(
      [...shown].filter((id) => !wanted.has(id)),
      answer.text,
    ).toEqual([]);
    expect(shown.size, answer.text).toBeGreaterThanOrEqual(Math.min(wanted.size, 8));
  };
}

export function says(...words: readonly (string | RegExp)[]): Check {
  return ({ status, text }) => {
    expect(status, text).toMatch(/^(?:answered|partial)$/u);
    for (const word of words) expect(text).toMatch(word);
  };
}

/** Declined, with a reason that holds these words and no finding dressed up as an answer. */
export function refuses(...words: readonly (string | RegExp)[]): Check {
  return ({ status, text }) => {
    expect(status, text).toBe('cannot');
    for (const word of words) expect(text).toMatch(word);
  };
}

/** Asked back, with these among the choices. */
export function asks(...choices: readonly string[]): Check {
  return (answer) => {
    expect(answer.status, answer.text).toBe('clarify');
    const labels = answer.choices.map(({ label }) => label).join('\n');
    for (const choice of choices) expect(labels).toContain(choice);
  };
}

export function all(...checks: readonly Check[]): Check {
  return (answer) => {
    for (const check of checks) check(answer);
  };
}
