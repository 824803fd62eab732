/**
 * Asks wordings of the corpus as they stand and holds each answer against what the intent's query finds.
 * `right`: that is found. `other`: an answer, but not that one. `asked`: a choice was offered; `refused`: nothing was answered.
 * Intents that no tool can compute yet are counted apart: there `other` is an answer all the same.
 *
 * usage: node corpus/score.ts PART [--every N] [--show other]     PART: train | tune | sealed
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createRunsight, type Finding, type Query, type Runsight } from '../src/library.ts';
import type { Intent } from './intent.ts';
import { makeStore } from './make-store.ts';
import { readSchemas } from './schema.ts';
import { readCorpus, type Wording } from './wordings.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { every: { type: 'string', default: '1' }, show: { type: 'string' } },
});
const [part = 'tune'] = positionals;

type Verdict = 'right' | 'other' | 'asked' | 'refused' | 'failed';

const contentOf = ({ tool, data, coverage }: Finding) => JSON.stringify([tool, data, coverage.considered]);

async function truthOf({ query }: Intent, runsight: Runsight): Promise<readonly Finding[] | undefined> {
  if (query === undefined) return undefined;
  const isNew = JSON.stringify(query).match(
    /"(?:point|against|within|bucket|rows|file|chart)":|"verb":"(?:place|margin|near|trend|outliers|export|children)"/,
  );
  if (isNew !== null) return undefined;
  return runsight.query(query as Query).catch(() => undefined);
}

async function judge(
  wording: Wording,
  intent: Intent,
  before: Wording | undefined,
  runsight: Runsight,
  truth: readonly Finding[] | undefined,
): Promise<Verdict> {
  const first = before === undefined ? undefined : await runsight.ask(before.text);
  const { status, findings } = await runsight.ask(wording.text, { conversation: first?.conversation });
  if (status === 'error') return 'failed';
  if (status === 'clarify') return intent.expects === 'ask' ? 'right' : 'asked';
  if (status === 'cannot') return intent.expects === 'refuse' ? 'right' : 'refused';
  const found = new Set(findings.map(contentOf));
  return truth?.every((one) => found.has(contentOf(one))) ? 'right' : 'other';
}

const home = mkdtempSync(join(tmpdir(), 'runsight-corpus-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));
const { intents, wordings } = readCorpus();
const own = wordings.filter((one, at) => one.part === part && at % Number(values.every) === 0);
const counts = new Map<string, Map<Verdict, number>>();
const count = (name: string, verdict: Verdict) => {
  const of = counts.get(name) ?? new Map<Verdict, number>();
  counts.set(name, of.set(verdict, (of.get(verdict) ?? 0) + 1));
};
for (const schema of readSchemas()) {
  const here = own.filter(({ intent }) => intents.get(intent)?.schema === schema.id);
  if (here.length === 0) continue;
  const path = join(home, `${schema.id}.db`);
  makeStore(schema, path);
  const env = { HOME: home, TZ: 'UTC', RUNSIGHT_NOW: `${schema.days[1]}T23:59:59Z` };
  await using runsight = createRunsight({ store: path, model: 'offline', env });
  for (const wording of here) {
    const intent = intents.get(wording.intent)!;
    const truth = await truthOf(intent, runsight);
    const before =
      intent.after === undefined
        ? undefined
        : wordings.find(({ intent: id, writer }) => id === intent.after && writer === wording.writer);
    const verdict = await judge(wording, intent, before, runsight, truth);
    const kind = intent.expects === 'answer' && truth === undefined ? 'not computed yet' : 'computed';
    count(kind, verdict);
    count(`  ${intent.family}`, verdict);
    count(`    ${wording.writer}`, verdict);
    if (verdict === values.show) console.log(`${intent.id} [${intent.card}]\n  ${wording.text}`);
  }
}
for (const [name, of] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1))) {
  const total = [...of.values()].reduce((sum, one) => sum + one, 0);
  const share = (verdict: Verdict) => `${verdict} ${((100 * (of.get(verdict) ?? 0)) / total).toFixed(1)} %`;
  console.log(
    `${name.padEnd(26)} n = ${total}: ${(['right', 'other', 'asked', 'refused', 'failed'] as const).map(share).join(', ')}`,
  );
}
