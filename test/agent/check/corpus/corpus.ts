/**
 * True and false statements about findings, worded by nineteen writers who saw the findings only; two of them (w14, w17) write
 * as the system prompt asks. `cards.json` says which calls gave the findings; `statements.jsonl.gz` has a statement a line, the
 * false clause of a false one between ⟦ and ⟧.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { checkText } from '../../../../src/agent/check/check-text.ts';
import { collectEvidence, type Evidence } from '../../../../src/agent/check/evidence.ts';
import { seededRandom } from '../../../../src/analysis/prng.ts';
import type { Finding } from '../../../../src/finding/finding.ts';
import { ToolRig } from '../../../tools/ask-tool.ts';

export interface Statement {
  readonly id: string;
  readonly card: number;
  readonly truth: boolean;
  readonly kind: string;
  readonly text: string;
}

const root = path.join(import.meta.dirname, '../../../..');
const shared = path.join(root, '../shared');
/** Those of other projects stay where they are; the small ones are called by their folder. */
function fileOf(store: string): string {
  if (store === 'demo') return path.join(root, 'examples/demo/mlflow.db');
  const folder = ['evals/stores', 'failing'].map((one) => path.join(shared, one, SHORT.get(store) ?? store));
  return path.join(folder.find((one) => existsSync(one)) ?? '', 'mlflow.db');
}

const SHORT = new Map([
  ['dup', 'duplicate_names'],
  ['slash', 'slash_keys'],
]);

const read = (name: string) => readFileSync(path.join(import.meta.dirname, name));

export function readStatements(): Statement[] {
  const lines = gunzipSync(read('statements.jsonl.gz')).toString('utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as Statement);
}

interface Card {
  readonly card: number;
  readonly store: string;
  readonly calls: readonly (readonly [tool: string, input: unknown])[];
}

/** What each card's findings support; cards of stores that are not here are left out. */
export async function readEvidence(): Promise<ReadonlyMap<number, Evidence>> {
  const evidence = new Map<number, Evidence>();
  const rigs = new Map<string, ToolRig>();
  for (const { card, store, calls } of JSON.parse(read('cards.json').toString('utf8')) as Card[]) {
    const file = fileOf(store);
    if (!existsSync(file)) continue;
    const rig = rigs.get(store) ?? (await ToolRig.open(file));
    rigs.set(store, rig);
    const findings: Finding[] = [];
    for (const [tool, input] of calls)
      findings.push({ ...(await rig.ask(tool, input)), tool, handle: `#${findings.length + 1}` });
    evidence.set(
      card,
      collectEvidence({ findings, questions: [], texts: [], now: Date.UTC(2026, 10, 20, 18), timeZone: 'UTC' }),
    );
  }
  for (const rig of rigs.values()) await rig.store.close();
  return evidence;
}

/** Begins in the middle of what another sentence began. */
const GOES_ON =
  /^(?:it|its|they|their|both|this|that|these|those|yes|no|so|but|the (?:former|latter|other|second|rest|runner)|of (?:them|these))\b/i;

/** Paragraphs of several statements about one card, one of them false or none; drawn from a seed. */
export function compose(statements: readonly Statement[], count: number, truth: boolean, seed: number): Statement[] {
  const source = seededRandom(seed);
  const random = () => source() / 2 ** 32;
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const whole = statements.filter(({ text }) => !text.includes('\n') && !GOES_ON.test(text) && /[.!?⟧]$/.test(text));
  const byCard = Map.groupBy(whole, ({ card }) => card);
  const heads = whole.filter((one) => one.truth === truth);
  return Array.from({ length: count }, (_, place) => {
    const head = pick(heads);
    const others = byCard.get(head.card)!.filter((one) => one.truth && one !== head);
    const parts = [head.text, pick(others).text, pick(others).text].sort(() => random() - 0.5);
    const form = place % 3;
    const text =
      form === 0 ? parts.join(' ') : parts.map((part, at) => `${form === 1 ? '-' : `${at + 1}.`} ${part}`).join('\n');
    return { ...head, id: `${head.id}+${place}`, text };
  });
}

export interface Score {
  readonly count: number;
  readonly marked: number;
}

/** Of each kind how many there are, and how many of them are marked: false ones inside their false clause. */
export async function score(
  statements: readonly Statement[],
  evidence: ReadonlyMap<number, Evidence>,
): Promise<Map<string, Score>> {
  const scores = new Map<string, Score>();
  for (const { card, truth, kind, text } of statements) {
    const known = evidence.get(card);
    if (known === undefined) continue;
    const isMarked = truth ? hasMark(await marksOf(text, known)) : await isMarkedInside(text, known);
    for (const key of [truth ? 'true' : kind, truth ? 'true' : 'false']) {
      const { count, marked } = scores.get(key) ?? { count: 0, marked: 0 };
      if (!truth || key === 'true') scores.set(key, { count: count + 1, marked: marked + Number(isMarked) });
      if (truth) break;
    }
  }
  return scores;
}

const hasMark = (marks: readonly number[]): boolean => marks.length > 0;

/** Emphasis may stand between the clause and the mark behind it. */
const BEHIND = 3;

async function isMarkedInside(text: string, evidence: Evidence): Promise<boolean> {
  const from = text.indexOf('⟦');
  const to = text.indexOf('⟧') - 1;
  const marks = await marksOf(text.replace('⟦', '').replace('⟧', ''), evidence);
  return marks.some((at) => at > from && at <= to + BEHIND);
}

const MARK = ' [unverified]';

/** Where in the text marks stand. */
async function marksOf(text: string, evidence: Evidence): Promise<number[]> {
  const marks: number[] = [];
  const parts = (await checkText(text, evidence)).text.split(MARK);
  let at = 0;
  for (const part of parts.slice(0, -1)) {
    at += part.length;
    marks.push(at);
  }
  return marks;
}
