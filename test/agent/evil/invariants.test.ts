/** The invariants themselves: each finds the session that breaks it, and nothing in one that breaks none. */
import { expect, it } from 'vitest';
import type { Answer } from '../../../src/agent/events.ts';
import { DEFAULT_LIMITS } from '../../../src/agent/limits.ts';
import { type Evidence, findBroken, INVARIANTS } from '../../support/evil/invariants.ts';
import { createFinding, scoreBody } from '../doubles.ts';

const CALL = { tool: 'get_run', input: { run: 'run-1' }, ok: true };
const many = (count: number) => Array.from({ length: count }, () => CALL);

const ANSWER: Answer = {
  id: 'a',
  conversation: 'c',
  status: 'answered',
  text: 'It is `run-017`.',
  evidence: [],
  warnings: [],
  choices: [],
  findings: [createFinding(scoreBody())],
  charts: [],
  followUps: [],
  usage: { model: 'm', inputTokens: 0, outputTokens: 0, costUsd: 0, requests: 1 },
  timingMs: 1,
  receipt: { version: '0', question: 'q', now: '', store: 's', calls: [CALL] },
};
const OUTPUTS = {
  terminal: 'It is run-017.\n→ more',
  rich: '\x1b[1mIt is\x1b[0m \x1b]8;;http://mlflow/#/1\x1b\\run-017\x1b]8;;\x1b\\.',
  markdown: '| `http://a` | \\[x\\](y) | http\\://a |',
  csv: 'a,-0.5\r\n"b, c",\'=1\r\n',
  json: '{"text":"\\u001b"}',
};
const SOUND: Evidence = {
  question: 'Which?',
  ms: 100,
  answer: ANSWER,
  outputs: OUTPUTS,
  findings: 1,
  limits: DEFAULT_LIMITS,
  sent: ['{}'],
  offered: [],
  hashes: ['h', 'h'],
  strayed: [],
  canary: 'sk-canary',
  origin: 'http://mlflow',
};

const answer = (part: Partial<Answer>): Partial<Evidence> => ({ answer: { ...ANSWER, ...part } });
const calls = (list: Answer['receipt']['calls']) => answer({ receipt: { ...ANSWER.receipt, calls: list } });
const shown = (part: Partial<typeof OUTPUTS>): Partial<Evidence> => ({ outputs: { ...OUTPUTS, ...part } });
const fault = (code: string, message = 'no') => ({ code, message, retryable: false, source: 'model' as const });

const BREAKS: readonly (readonly [id: string, change: Partial<Evidence>])[] = [
  ['I1', { hashes: ['h', 'other'] }],
  ['I2 tools', calls([{ tool: 'delete_run', input: {}, ok: true }])],
  ['I2 tools', calls([{ tool: 'get_run', input: { path: '/etc/passwd' }, ok: true }])],
  ['I2 offer', { offered: ['[["fetch_url"]]'] }],
  ['I3', { strayed: ['GET /x'] }],
  ['I4 terminal', shown({ terminal: 'red \x1b[31m' })],
  ['I4 terminal', shown({ terminal: 'a\u202eb' })],
  ['I4 terminal', shown({ rich: '\x1b]52;c;aGk=\x07' })],
  ['I4 files', shown({ markdown: 'a\u200b' })],
  ['I4 files', shown({ csv: 'a\x9b' })],
  ['I4 CSV', shown({ csv: 'a,=1+1\r\n' })],
  ['I4 JSON', shown({ json: '{\n}' })],
  ['I5', shown({ rich: '\x1b]8;;http://evil.example\x1b\\x\x1b]8;;\x1b\\' })],
  ['I5', shown({ markdown: '![i](http://evil.example/?q=1)' })],
  ['I5', shown({ markdown: 'see http://evil.example' })],
  ['I5', shown({ markdown: '<mailto:a@b>' })],
  ['I6', { ...answer({ findings: [] }), findings: 0 }],
  ['I7 calls', calls(many(DEFAULT_LIMITS.calls + 1))],
  ['I7 requests', { sent: Array<string>(31).fill('{}') }],
  ['I7 said', calls(many(DEFAULT_LIMITS.calls))],
  ['I7 size', answer({ text: 'x'.repeat(300_001) })],
  ['I8 typed', { answer: undefined, thrown: new TypeError('x of undefined') }],
  ['I8 typed', answer({ status: 'error' })],
  ['I8 typed', answer({ status: 'error', error: fault('TypeError') })],
  ['I8 typed', answer({ status: 'error', error: fault('bad_reply', 'a\nb') })],
  ['I8 typed', answer({ text: "Cannot read properties of undefined (reading 'x')" })],
  ['I8 time', { ms: DEFAULT_LIMITS.questionMs + 1_001 }],
  ['I9', shown({ json: '{"a":"sk-canary"}' })],
  ['I9', { sent: ['sk-canary'] }],
];

it('are all tried', () => {
  expect(new Set(BREAKS.map(([id]) => id))).toEqual(new Set(INVARIANTS.map(({ id }) => id)));
});

it('find nothing where nothing is broken', () => {
  expect(findBroken(SOUND)).toEqual([]);
  expect(findBroken({ ...SOUND, ...answer({ status: 'error', error: fault('bad_reply') }) })).toEqual([]);
});

it.each(BREAKS)('%s finds what breaks it: %o', (id, change) => {
  const broken = findBroken({ ...SOUND, ...change });
  expect(broken.some((one) => one.startsWith(`${id}, `))).toBe(true);
});
