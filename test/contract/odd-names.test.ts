/** Names made of quotes, operators, words of the language and Unicode: every answer is that of an independent count. */

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UNVERIFIED } from '../../src/agent/check/check-text.ts';
import type { Answer } from '../../src/agent/events.ts';
import type { App } from '../../src/app/create-app.ts';
import { idsOfKind } from '../../src/finding/refs.ts';
import { answerOf, createOfflineApp } from '../evals/asking.ts';
import type { DemoStore } from '../support/demo-stores.ts';
import { SERVER_HOOK_MS } from '../support/mlflow-server.ts';
import { keepHeld, makeOddStore, ZEDS } from '../support/odd-names.ts';
import { makeQuestion, TEMPLATE_NAMES, type Truth } from '../support/odd-questions.ts';
import { findOddStores } from '../support/odd-stores.ts';

/** What an answer says, in the form of a truth; its words where it says something else. */
function saidBy({ status, text, findings }: Answer, kind: Truth['kind']): Truth | string {
  const [finding] = findings;
  const facts = finding?.data.facts ?? {};
  if (kind === 'none') return status === 'cannot' || facts.count === 0 ? { kind } : text;
  // The check of numbers takes a bare name such as 0.00001 or a link for a claim, and marks a true answer partial.
  const isAnswered = status === 'answered' || (status === 'partial' && text.includes(UNVERIFIED));
  if (!isAnswered || finding === undefined) return text;
  const [table] = finding.data.tables;
  switch (kind) {
    case 'count':
      return { kind, count: facts.count as number };
    case 'runs':
      return { kind, ids: idsOfKind(finding.subject.refs, 'run').toSorted() };
    case 'run':
      return { kind, id: (facts.run as { id: string } | undefined)?.id ?? text };
    case 'value':
      return { kind, value: Object.values(facts)[1] as string | number };
    case 'groups': {
      const at = table?.columns.findIndex(({ key }) => key === 'mean' || key === 'runs') ?? 0;
      return { kind, groups: (table?.rows ?? []).map((row) => [row[0], row[at]] as [string | undefined, number]) };
    }
    default:
      return text;
  }
}

/** One spelling of a truth: groups in any order, means to ten digits. */
function spell(truth: Truth | string): unknown {
  if (typeof truth === 'string' || truth.kind !== 'groups') return truth;
  const groups = truth.groups.map(([label, value]) => JSON.stringify([label, value?.toPrecision(10)]));
  return { ...truth, groups: groups.sort() };
}

/** Of many choices so many are asked back. */
const ASKED_BACK = 3;

async function check(app: App, text: string, truth: Truth): Promise<void> {
  const answer = await answerOf(app, text);
  if (truth.kind !== 'choices') {
    expect(spell(saidBy(answer, truth.kind)), text).toEqual(spell(truth));
    return;
  }
  expect([answer.status, answer.choices.length], `${text}\n${answer.text}`).toEqual(['clarify', truth.choices.length]);
  const kind = truth.choices[0]?.kind ?? 'none';
  for (const { question } of answer.choices.slice(0, ASKED_BACK))
    expect(truth.choices, question).toContainEqual(saidBy(await answerOf(app, question), kind));
}

const kinds = await findOddStores();
const cases = kinds.flatMap((kind) => kind.seeds.map((seed) => ({ ...kind, seed })));

for (const { name, isPossible, seed, questions, holds, start } of cases)
  describe.skipIf(!isPossible)(`${name}, seed ${seed}`, () => {
    const whole = makeOddStore(seed);
    const odd = holds === undefined ? whole : keepHeld(whole, holds);
    let store: DemoStore;
    let app: App;
    beforeAll(async () => {
      store = await start(odd);
      app = createOfflineApp(store.uri);
    }, SERVER_HOOK_MS);
    afterAll(async () => {
      await app?.close();
      await store?.stop();
    });

    test('every answer is that of an independent count', async () => {
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...TEMPLATE_NAMES), fc.infiniteStream(fc.nat()), async (template, choices) => {
          const question = makeQuestion(odd, template, choices);
          fc.pre(question !== undefined);
          if (question !== undefined) await check(app, question.text, question.truth);
        }),
        { numRuns: questions, seed: 20_261_125, endOnFailure: true },
      );
    }, 120_000);

    // What cannot be held is left out, and says why.
    test.skipIf(holds !== undefined)(`a value under a key that holds a filter${holds ? `: ${holds.reason}` : ''}`, () =>
      check(app, 'how many zed runs are there', { kind: 'count', count: ZEDS }),
    );
  });
