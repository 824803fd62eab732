import { afterEach, describe, expect, it, vi } from 'vitest';
import { OWN_WORDS } from '../../src/agent/answer.ts';
import { createConversation } from '../../src/agent/conversation/conversation.ts';
import { type Model, ModelError, type ToolResult } from '../../src/agent/models/model.ts';
import {
  createScriptedModel,
  type ScriptedModel,
  type ScriptedTurn,
  type ScriptStep,
} from '../../src/agent/models/scripted.ts';
import type { FindingBody } from '../../src/finding/finding.ts';
import { StoreError } from '../../src/mlflow/errors.ts';
import { ToolError } from '../../src/tools/define/errors.ts';
import { ask, askOnce, createBody, createDeps, createTool, scoreBody } from './doubles.ts';

const rank = createTool('rank', async (n) => scoreBody(n));
const call = (name: string, n: unknown = 0.93124) => ({ name, input: { n } });
const ASK_RANK: ScriptedTurn = { calls: [call('rank')] };

async function run(script: readonly ScriptStep[], tools = [rank], overrides: Parameters<typeof createDeps>[2] = {}) {
  const model = createScriptedModel(script);
  const result = await askOnce(createDeps(model, tools, overrides));
  model.assertFinished();
  return { ...result, model };
}

/** What the model was told in its last request. */
function lastResults(model: ScriptedModel): readonly ToolResult[] {
  const last = model.requests.at(-1)?.messages.at(-1);
  return last?.role === 'tools' ? last.results : [];
}

afterEach(() => {
  vi.useRealTimers();
});

describe('a question', () => {
  it('goes through model, tools and model, and ends in an answer with its receipt', async () => {
    const { answer, events, conversation, model } = await run([ASK_RANK, { text: '`run-017` is best: 0.931.' }]);
    expect(events.map((event) => event.type)).toEqual(['tool-start', 'tool-end', 'text-delta', 'answer']);
    expect(answer).toMatchObject({
      status: 'answered',
      text: '`run-017` is best: 0.931.',
      findings: [{ handle: '#1', tool: 'rank', input: { n: 0.93124 } }],
      usage: { model: 'scripted', costUsd: 0 },
      receipt: {
        question: 'Which run is best?',
        now: '2026-11-20T18:00:00.000Z',
        store: 'test store',
        calls: [{ handle: '#1', tool: 'rank', input: { n: 0.93124 }, ok: true, revision: 'r1' }],
      },
    });
    expect(lastResults(model)[0]?.text).toBe('#1\ntext of Runs');
    expect(conversation.memory).toEqual({ recentExperimentIds: ['1'] });
    expect(conversation.messages.map((message) => message.role)).toEqual(['user', 'assistant', 'tools', 'assistant']);
  });

  it('runs the calls of a turn together and numbers their findings in the order asked', async () => {
    const bothRun = Promise.withResolvers<void>();
    const slow = createTool('slow', () => bothRun.promise.then(() => scoreBody(1)));
    const fast = createTool('fast', async () => {
      bothRun.resolve();
      return scoreBody(2);
    });
    const { answer, events } = await run([{ calls: [call('slow'), call('fast')] }, { text: 'Done.' }], [slow, fast]);
    expect(answer.findings.map(({ handle, tool }) => [handle, tool])).toEqual([
      ['#1', 'slow'],
      ['#2', 'fast'],
    ]);
    expect(events.flatMap((event) => (event.type === 'tool-end' ? [event.callId] : []))).toEqual(['call-1', 'call-2']);
  });

  it('runs no more than eight calls at a time', async () => {
    let running = 0;
    let most = 0;
    const busy = createTool('busy', async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running--;
      return scoreBody();
    });
    await run([{ calls: Array.from({ length: 12 }, (_, n) => call('busy', n)) }, { text: 'Done.' }], [busy]);
    expect(most).toBe(8);
  });

  it('passes progress on while a tool still runs', async () => {
    const heard = Promise.withResolvers<void>();
    const model = createScriptedModel([ASK_RANK, { text: 'Done.' }]);
    const reading = createTool('rank', async (_, context) => {
      context.progress('reading 100 runs');
      await heard.promise;
      return scoreBody();
    });
    const seen: string[] = [];
    for await (const event of ask('q', createConversation(), createDeps(model, [reading]), AbortSignal.timeout(2000))) {
      if (event.type === 'progress') heard.resolve();
      seen.push(event.type);
    }
    expect(seen).toEqual(['tool-start', 'progress', 'tool-end', 'text-delta', 'answer']);
  });

  it('closes what the model keeps open once its turn has come', async () => {
    let closed = false;
    const scripted = createScriptedModel([{ text: 'Done.' }]);
    const model: Model = {
      ...scripted,
      async *respond(request, signal) {
        try {
          yield* scripted.respond(request, signal);
        } finally {
          closed = true;
        }
      },
    };
    await askOnce(createDeps(model, []));
    expect(closed).toBe(true);
  });

  it('remembers the experiments of the last finding for the next question', async () => {
    const seen: unknown[] = [];
    const tool = createTool('rank', async (_, context) => {
      seen.push(context.memory.recentExperimentIds);
      return scoreBody();
    });
    const model = createScriptedModel([ASK_RANK, { text: 'Done.' }, ASK_RANK, { text: 'Done.' }]);
    const { conversation } = await askOnce(createDeps(model, [tool]));
    const { answer } = await askOnce(createDeps(model, [tool]), 'and now?', conversation);
    expect(seen).toEqual([undefined, ['1']]);
    expect(answer.findings.map((finding) => finding.handle)).toEqual(['#2']);
  });
});

describe('a call that cannot be run', () => {
  it('is answered all the same, each in its place, with what would mend it', async () => {
    const broken = createTool('broken', async () => {
      throw new ToolError('unknown_metric', 'There is no metric "f2".', { hint: 'Nearest: f1_score.' });
    });
    const down = createTool('down', async () => {
      throw new StoreError('source_unreachable', 'No server at localhost:5000', { hint: 'Start it.' });
    });
    const calls = [call('rnak'), call('rank', 'x'), call('broken'), call('down'), call('rank')];
    const { model, answer } = await run([{ calls }, { text: 'Done.' }], [rank, broken, down]);
    const texts = lastResults(model).map((result) => result.text);
    expect(lastResults(model).map((result) => result.callId)).toEqual([
      'call-1',
      'call-2',
      'call-3',
      'call-4',
      'call-5',
    ]);
    expect(texts[0]).toBe('There is no tool "rnak".\nThe tools are rank, broken, down.');
    expect(texts[1]).toContain('expected number');
    expect(texts[2]).toBe('There is no metric "f2".\nNearest: f1_score.');
    expect(texts[3]).toBe('No server at localhost:5000\nStart it.');
    expect(texts[4]).toContain('#1');
    expect(answer.status).toBe('partial');
    expect(answer.receipt.calls.map((entry) => entry.ok)).toEqual([false, false, false, false, true]);
  });

  it('is not run when the reply was cut off, whatever it holds', async () => {
    const cut: ScriptedTurn = { ...ASK_RANK, stop: 'max_tokens' };
    const { answer, model } = await run([cut, { text: 'I could not finish.' }]);
    expect(answer.findings).toEqual([]);
    expect(lastResults(model)[0]?.text).toMatch(/^Not run: the reply was cut off/);
  });

  it('lets our own bugs through and leaves the conversation as it was', async () => {
    const bug = createTool('rank', async () => {
      throw new TypeError('x is not a function');
    });
    const conversation = createConversation();
    const asking = askOnce(createDeps(createScriptedModel([ASK_RANK]), [bug]), 'q', conversation);
    await expect(asking).rejects.toThrow('x is not a function');
    expect(conversation.messages).toEqual([]);
  });
});

describe('the status', () => {
  const failing = (error: Error) => [createTool('rank', () => Promise.reject(error))];
  const ambiguous = new ToolError('ambiguous_experiment', 'Two experiments log f1.', {
    choices: [{ slot: 'experiment', value: 'churn', label: 'churn (120 runs)' }],
  });

  it('is clarify, with questions that settle it, when a tool could not choose', async () => {
    const { answer } = await run([ASK_RANK, { text: 'Which experiment?' }], failing(ambiguous));
    expect(answer.status).toBe('clarify');
    expect(answer.choices).toEqual([
      { label: 'churn (120 runs)', question: 'Which run is best? (experiment: "churn")' },
    ]);
  });

  it('is cannot when a tool could not answer and nothing else did', async () => {
    const unknown = new ToolError('unknown_metric', 'There is no metric "f2".');
    const { answer } = await run([ASK_RANK, { text: 'There is no such metric.' }], failing(unknown));
    expect(answer).toMatchObject({ status: 'cannot', text: 'There is no such metric.' });
  });

  it("is what the model's verdict or marker says, and the marker is not shown", async () => {
    const verdict = { status: 'cannot', followUps: ['Try this?'] } as const;
    const said = await run([{ text: 'Not understood: flibber.', verdict }]);
    expect(said.answer).toMatchObject({ status: 'cannot', followUps: ['Try this?'] });
    const marked = await run([ASK_RANK, { text: '[clarify] Which one?' }]);
    expect(marked.answer).toMatchObject({ status: 'clarify', text: 'Which one?' });
  });

  it('is partial when a finding does not cover everything', async () => {
    const coverage = { ...scoreBody().coverage, complete: false };
    const tool = createTool('rank', async () => ({ ...scoreBody(), coverage }));
    expect((await run([ASK_RANK, { text: 'Done.' }], [tool])).answer.status).toBe('partial');
  });

  it('is error when the store fails every call, without asking the model again', async () => {
    const down = new StoreError('database_busy', 'mlflow.db is locked', { hint: 'Wait a moment.', retryable: true });
    const { answer, conversation } = await run([{ calls: [call('rank', 1), call('rank', 2)] }], failing(down));
    expect(answer).toMatchObject({
      status: 'error',
      text: 'mlflow.db is locked. Wait a moment.',
      error: { code: 'database_busy', hint: 'Wait a moment.', retryable: true },
    });
    expect(conversation.messages).toEqual([]);
  });

  it('is error when the model fails or says nothing', async () => {
    const error = new ModelError('bad_key', 'The API key was refused.', { hint: 'Set another.' });
    const failed = await run([{ error }]);
    expect(failed.answer).toMatchObject({ status: 'error', error: { code: 'bad_key', retryable: false } });
    expect((await run([{ text: '' }])).answer).toMatchObject({ status: 'error', error: { code: 'bad_reply' } });
  });

  it('is cannot when the model declines', async () => {
    const { answer } = await run([ASK_RANK, { text: '', stop: 'refusal' }]);
    expect(answer).toMatchObject({ status: 'cannot', findings: [{ handle: '#1' }] });
    expect(answer.text).toContain('declined');
  });

  it('is unsupported for words that no finding stands behind, of this question or an earlier one', async () => {
    const script = [{ text: 'Bigger batches are best.' }, ASK_RANK, { text: 'Done.' }, { text: 'It was `run-017`.' }];
    const deps = createDeps(createScriptedModel([...script, { text: 'Gladly: smaller batches are best.' }]), [rank]);
    const first = await askOnce(deps);
    const say = async () => (await askOnce(deps, 'and why?', first.conversation)).answer;
    const answers = [first.answer, await say(), await say(), await say()];
    expect(answers.map(({ status }) => status)).toEqual(['unsupported', 'answered', 'answered', 'unsupported']);
    const headed = answers.map(({ text }) => text.startsWith(OWN_WORDS));
    expect(headed).toEqual([true, false, false, true]);
  });
});

describe('the number check', () => {
  it('marks what no finding holds, so that the reader never sees it bare', async () => {
    const { answer } = await run([ASK_RANK, { text: 'The best is `run-099` with an f1_score of 0.99.' }]);
    expect(answer.text).toBe('The best is `run-099` [unverified] with an f1_score of 0.99 [unverified].');
    expect(answer.status).toBe('partial');
  });

  it('marks numbers also in a refusal that a model words freely', async () => {
    const { answer } = await run([ASK_RANK, { text: '[cannot] There are 812 runs without it.' }]);
    expect(answer).toMatchObject({ status: 'cannot', text: 'There are 812 [unverified] runs without it.' });
  });

  it('takes nothing for found that a server said in an error, or that the model itself has asked for', async () => {
    const broken = createTool('broken', () => Promise.reject(new StoreError('server_error', 'run-099 has 0.9911')));
    const calls = [call('rank'), call('broken'), call('run-098'), call('rank', 'run-097')];
    const text = 'Ahead of `run-017` are `run-099` with 0.9911, `run-098`, and `run-097`.';
    const { answer } = await run([{ calls }, { text }], [rank, broken]);
    expect(answer.text.match(/\S+(?= \[unverified\])/g)).toEqual(['`run-099`', '0.9911', '`run-098`', '`run-097`']);
    expect(answer.evidence).toMatchObject([{ handle: '#1' }]);
  });

  it('leaves alone what code worded', async () => {
    const { answer } = await run([ASK_RANK, { text: 'The best has 0.99.', verdict: { status: 'answered' } }]);
    expect(answer).toMatchObject({ status: 'answered', text: 'The best has 0.99.', evidence: [] });
  });

  it('lets a model mend its text once, without tools', async () => {
    const mend: ScriptStep = (request) => {
      expect(request.tools).toEqual([]);
      expect(request.messages.at(-1)).toMatchObject({ role: 'user', text: expect.stringContaining(': 0.99.') });
      return { text: 'The best is `run-017` with 0.931.' };
    };
    const script = [
      ASK_RANK,
      { text: 'The best has 0.99.' },
      mend,
      ASK_RANK,
      { text: 'It was 0.99, not 0.5.' },
      { text: '0.99!' },
    ];
    const model = createScriptedModel(script, { canRepair: true });
    const { answer, conversation } = await askOnce(createDeps(model, [rank]));
    expect(answer).toMatchObject({ status: 'answered', text: 'The best is `run-017` with 0.931.' });
    // Our own note does not make the number the user's.
    const again = await askOnce(createDeps(model, [rank]), 'and now?', conversation);
    expect(again.answer.text).toBe('0.99 [unverified]!');
    model.assertFinished();
  });

  it.each([
    ['is no better', { text: 'Truly: 0.98.' }],
    ['says nothing', { text: '' }],
    ['says nothing but that it cannot', { text: '[cannot]' }],
    ['was cut off', { text: 'It is', stop: 'max_tokens' as const }],
  ])('keeps the first text, and the talk as it was, where the second %s', async (_, second) => {
    const model = createScriptedModel([ASK_RANK, { text: 'It has 0.99.' }, second], { canRepair: true });
    const { answer, conversation } = await askOnce(createDeps(model, [rank]));
    expect(answer).toMatchObject({ status: 'partial', text: 'It has 0.99 [unverified].' });
    expect(conversation.messages.at(-1)).toMatchObject({ turn: { text: 'It has 0.99.' } });
  });

  it('keeps the first text, marked, when the repair fails', async () => {
    const error = new ModelError('overloaded', 'busy');
    const model = createScriptedModel([ASK_RANK, { text: 'It has 0.99.' }, { error }], { canRepair: true });
    const { answer, conversation } = await askOnce(createDeps(model, [rank]));
    expect(answer.text).toBe('It has 0.99 [unverified].');
    expect(conversation.messages.at(-1)).toMatchObject({ role: 'assistant' });
  });
});

describe('an abort', () => {
  it('stops tools and models that do not listen, and forgets the question', async () => {
    const controller = new AbortController();
    let inner: AbortSignal | undefined;
    const deaf = createTool('rank', (_, context) => {
      inner = context.signal;
      setTimeout(() => controller.abort(), 5);
      return new Promise<FindingBody>(() => {});
    });
    const conversation = createConversation();
    const asking = askOnce(createDeps(createScriptedModel([ASK_RANK]), [deaf]), 'q', conversation, controller.signal);
    await expect(asking).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
    expect(inner?.aborted).toBe(true);
    expect(conversation.messages).toEqual([]);
  });
});

it('describes each curve in words', async () => {
  const points = [1, Number.NaN, 0.25, 0.5].map((value, step) => ({ step, value }));
  const series = [{ of: { kind: 'run', id: 'a1b2c3d4e5', name: 'run-017' }, metric: 'loss', points, logged: 4 }];
  const tool = createTool('rank', async () => ({ ...createBody([], []), data: { tables: [], series } }));
  const { answer } = await run([ASK_RANK, { text: 'Here it is.' }], [tool]);
  expect(answer.charts).toMatchObject([{ id: 'chart-1', title: 'Runs', series }]);
  expect(answer.charts[0]?.alt).toBe(
    '`loss` of `run-017` (a1b2c3d4): from 1 at step 0 to 0.5 at step 3; lowest 0.25 at step 2, highest 1 at step 0; 1 point is NaN or infinite.',
  );
});
