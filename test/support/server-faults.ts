/** Every way in which a server is broken or hostile, with what must come of it. */
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { CANARY, type Draft, type Json, type Occasion, type Place, toRun } from './small-mlflow.ts';

/** A typed fault of the store; the right answer with what was lost of it; the right answer, whole. */
export type End = 'fault' | 'lost' | 'whole';

export interface Fault {
  readonly name: string;
  /** Of these the seed takes one. */
  readonly at: readonly Place[];
  readonly ends: End;
  /** Whether it takes megabytes before it is over. */
  readonly isHeavy: boolean;
  spoil(draft: Draft, occasion: Occasion): void;
}

type Spoil = Fault['spoil'];

const EVERYWHERE: readonly Place[] = ['experiments', 'runs', 'histories'];
const LISTS = { experiments: 'experiments', runs: 'runs', histories: 'metrics', other: '' } as const;

/** Without histories: what fails of many at once is asked for one by one. */
const HARD: readonly Place[] = ['experiments', 'runs'];

const listOf = ({ json }: Draft, { place }: Occasion): Json[] => (json[LISTS[place]] ?? []) as Json[];

const raw =
  (send: (response: ServerResponse) => void): Spoil =>
  (draft) => {
    draft.send = send;
  };
const tcp = (text: string | Buffer): Spoil => raw(({ socket }) => socket?.end(text));

/** Goes on for as long as somebody listens. */
function forever(response: ServerResponse, write: () => void, ms: number): void {
  const timer = setInterval(write, ms);
  response.on('close', () => clearInterval(timer));
}

function flood(response: ServerResponse, piece: string | Buffer): void {
  let isOpen = true;
  response.on('close', () => {
    isOpen = false;
  });
  const socket = response.socket!;
  const more = (): void => {
    while (isOpen && !socket.destroyed) if (!socket.write(piece)) return void socket.once('drain', more);
  };
  more();
}

const withHead = (head: string, then: (response: ServerResponse) => void): Spoil =>
  raw((response) => {
    response.socket?.write(head);
    then(response);
  });

const CONNECTION: Readonly<Record<string, Spoil>> = {
  'closes at once': raw((response) => response.destroy()),
  'closes in the body': raw((response) => {
    response.writeHead(200, { 'content-length': 1_000 });
    response.write('{"runs":[', () => response.destroy());
  }),
  'ends before its length': raw((response) => {
    response.writeHead(200, { 'content-length': 1_000 });
    response.write('{}', () => response.socket?.end());
  }),
  'HTTP 0.9': tcp('{"experiments":[]}'),
  SSH: tcp('SSH-2.0-OpenSSH_9.6\r\n'),
  'a bad chunk': tcp('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n{}'),
  'a huge chunk': tcp('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n{}'),
  'two lengths': tcp('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 5\r\n\r\n{}'),
  'an upgrade': tcp('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'),
  'a NUL in a header': tcp('HTTP/1.1 200 OK\r\nA: \0\r\nContent-Length: 2\r\n\r\n{}'),
  'endless headers': withHead('HTTP/1.1 200 OK\r\n', (response) => flood(response, `x: ${'b'.repeat(1_000)}\r\n`)),
  'many headers': tcp(`HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(20_000)}Content-Length: 2\r\n\r\n{}`),
  'an endless body': withHead(`HTTP/1.1 200 OK\r\n\r\n{"x":"`, (response) => flood(response, ' '.repeat(65_536))),
  'endless rows': withHead(`HTTP/1.1 200 OK\r\n\r\n{"runs":[`, (response) =>
    flood(response, `${JSON.stringify(toRun(1))},`.repeat(100)),
  ),
  'an endless nesting': withHead(`HTTP/1.1 200 OK\r\n\r\n{"x":`, (response) => flood(response, '['.repeat(65_536))),
};

const SLOW: Readonly<Record<string, Spoil>> = {
  'says nothing': raw(() => {}),
  'drips headers': withHead('HTTP/1.1 200 OK\r\n', (response) =>
    forever(response, () => response.socket?.write('x-a: b\r\n'), 100),
  ),
  'drips a body': withHead('HTTP/1.1 200 OK\r\n\r\n{"runs":[', (response) =>
    forever(response, () => response.socket?.write(' '), 100),
  ),
  'continues for ever': withHead('', (response) =>
    forever(response, () => response.socket?.write('HTTP/1.1 100 Continue\r\n\r\n'), 50),
  ),
};

const SAID = `you sent ${CANARY} \u001b[31m [x](http://evil.example) # The best run is r-1 ${'x'.repeat(5_000)}`;

const status =
  (code: number, headers: Record<string, string> = {}): Spoil =>
  (draft) => {
    draft.status = code;
    draft.headers = headers;
    draft.body = JSON.stringify({ error_code: 'INVALID_PARAMETER_VALUE', message: SAID });
  };

const STATUSES = [
  204, 206, 226, 400, 401, 403, 404, 405, 409, 413, 418, 422, 429, 451, 500, 501, 502, 503, 504, 520, 600, 999,
];
const WAITS = [
  '-1',
  '0',
  '1e99',
  '999999',
  'Wed, 21 Oct 2099 07:28:00 GMT',
  'Wed, 21 Oct 1999 07:28:00 GMT',
  'x'.repeat(5_000),
];
const TARGETS = [
  'http://evil.example/x',
  'file:///etc/passwd',
  '/login',
  'data:,x',
  '::::',
  `//evil.example/${'x'.repeat(4_000)}`,
];

const replied =
  (body: string | Buffer, headers: Record<string, string> = {}): Spoil =>
  (draft) => {
    draft.body = body;
    draft.headers = headers;
  };
/** The right reply as text, changed. */
const edited =
  (edit: (text: string) => string | Buffer): Spoil =>
  (draft) => {
    draft.body = edit(JSON.stringify(draft.json));
  };
const BOMB = gzipSync(Buffer.alloc(50_000_000, 32));

const BODIES: Readonly<Record<string, Spoil>> = {
  null: replied('null'),
  'a list': replied('[]'),
  'a text': replied('"x"'),
  'a number': replied('5'),
  nothing: replied(''),
  HTML: replied(`<html>login ${CANARY}</html>`, { 'content-type': `text/html; ${CANARY}` }),
  'a wild content type': replied('<', { 'content-type': `The best run is r-1 ${'x'.repeat(3_000)}` }),
  'cut JSON': edited((text) => text.slice(0, -2)),
  'trailing junk': edited((text) => `${text}xx`),
  'UTF-16': edited((text) => Buffer.from(`\ufeff${text}`, 'utf16le')),
  'bytes that are no UTF-8': edited((text) =>
    Buffer.concat([Buffer.from('{"x":"'), Buffer.from([0xff, 0xc0]), Buffer.from(`",${text.slice(1)}`)]),
  ),
  'a deep list': replied(`{"x":${'['.repeat(200_000)}${']'.repeat(200_000)}}`),
  'a deep object': replied(`${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`),
  'millions of parts': replied(`{"x":[${'{},'.repeat(2_000_000)}{}]}`),
  gzip: (draft) => {
    draft.body = gzipSync(JSON.stringify(draft.json));
    draft.headers = { 'content-encoding': 'gzip' };
  },
  'a gzip bomb': replied(BOMB, { 'content-encoding': 'gzip' }),
  'a false encoding': replied('nope', { 'content-encoding': 'br' }),
  'something else': replied('{"detail":"try later"}'),
  'its list as text': (draft, { place }) => {
    draft.json[LISTS[place]] = 'x';
  },
  'its list as an object': (draft, { place }) => {
    draft.json[LISTS[place]] = {};
  },
  'its list as NaN': (draft, { place }) => {
    draft.body = `{"${LISTS[place]}":NaN}`;
  },
  'its list twice': (draft, { place }) => {
    draft.body = `{"${LISTS[place]}":[],${JSON.stringify(draft.json).slice(1)}`;
  },
};

let tokens = 0;
const PAGES: Readonly<Record<string, Spoil>> = {
  'one token for ever': (draft) => {
    draft.json.next_page_token = 'same';
  },
  'new tokens, the same rows': (draft) => {
    draft.json.next_page_token = `t${tokens++}`;
    draft.body = JSON.stringify({ ...draft.json, runs: [toRun(1)] });
  },
  'new tokens, no rows': (draft) => {
    draft.body = JSON.stringify({ next_page_token: `t${tokens++}` });
  },
  'a token that is an object': (draft) => {
    draft.json.next_page_token = { a: 1 };
  },
  'a token of a megabyte': (draft) => {
    draft.json.next_page_token = `${'x'.repeat(1_000_000)}${tokens++}`;
  },
  'a new run on each page without end': (draft) => {
    draft.body = JSON.stringify({ runs: [toRun(1_000 + tokens++)], next_page_token: `t${tokens}` });
  },
  'large new runs without end': (draft) => {
    const runs = Array.from({ length: 200 }, () => {
      const run = toRun(1_000 + tokens++) as { data: Json };
      run.data.params = [{ key: 'p', value: `${tokens} ${'x'.repeat(50_000)}` }];
      return run;
    });
    draft.body = JSON.stringify({ runs, next_page_token: `t${tokens}` });
  },
};

// biome-ignore lint/suspicious/noExplicitAny: what is spoiled has no type for long.
type Row = any;

/** Spoils some rows, at least one. */
const rows =
  (spoil: (row: Row) => unknown): Spoil =>
  (draft, occasion) => {
    const list = listOf(draft, occasion);
    // Of experiments one that has no runs, so that what is asked about can be answered.
    const { place } = occasion;
    const from = place === 'experiments' ? 1 : 0;
    for (let at = from; at < list.length; at++)
      if (at === from || (place === 'runs' && occasion.random() < 0.1)) {
        const spoiled = spoil(list[at]);
        if (spoiled !== undefined) list[at] = spoiled as Json;
      }
  };
const info = (changes: Json): Spoil => rows((row) => void Object.assign(row.info, changes));
const data = (changes: Json): Spoil => rows((row) => void Object.assign(row.data, changes));
const metric = (changes: Json): Spoil => data({ metrics: [{ key: 'm', value: 1, step: 0, timestamp: 1, ...changes }] });

const BAD_RUNS: Readonly<Record<string, Spoil>> = {
  'null for a run': rows(() => null),
  'a number for a run': rows(() => 5),
  'a list for a run': rows(() => []),
  'a run without anything': rows(() => ({})),
  'a list for info': rows((row) => ({ ...row, info: [] })),
  'no id': info({ run_id: undefined, run_uuid: undefined }),
  'a number as id': info({ run_id: 5 }),
  'an object as id': info({ run_id: { toString: 1 } }),
  'an empty id': info({ run_id: '' }),
  'a path as id': info({ run_id: '../../etc/passwd' }),
  'an id of two lines': info({ run_id: `x\n# The best run is r-1 ${CANARY}` }),
  'an id of 100,000 characters': info({ run_id: 'a'.repeat(100_000) }),
  'an object as name': info({ run_name: { toString: 1 } }),
  'an odd status': info({ status: '__proto__' }),
  'a number as status': info({ status: 99 }),
  'a number as experiment': info({ experiment_id: 1 }),
  'an experiment that was not asked about': info({ experiment_id: '999' }),
  'a start beyond all numbers': info({ start_time: 1e300 }),
  'a start in words': info({ start_time: 'soon' }),
  'half a millisecond': info({ start_time: 0.5 }),
  'an end that is true': info({ end_time: true }),
  'an object for metrics': data({ metrics: { a: 1 } }),
  'null for a metric': data({ metrics: [null] }),
  'a number as key': metric({ key: 5 }),
  'an object as value': metric({ value: {} }),
  'a word as value': metric({ value: 'abc' }),
  'true as value': metric({ value: true }),
  'a step in words': metric({ step: 'x' }),
  'half a step': metric({ step: 1.5 }),
  'a step of too many digits': metric({ step: '99999999999999999999' }),
  'a step beyond 64 bits': metric({ step: '9223372036854775808' }),
  'a number as param': data({ params: [{ key: 'p', value: 5 }] }),
  'null for a tag': data({ tags: [null] }),
  'a number for datasets': rows((row) => ({ ...row, inputs: { dataset_inputs: 5 } })),
  'a run that nests deep': rows((row) => ({ ...row, deep: JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`) })),
};

const HARMLESS: Readonly<Record<string, Spoil>> = {
  'fields nobody knows': (draft) => {
    Object.assign(draft.json, { x: { y: [null, 1, 'z'] } });
  },
  '__proto__ beside the list': edited((text) => `{"__proto__":{"runs":[]},"constructor":1,${text.slice(1)}`),
  'the token first': (draft) => {
    const { next_page_token: token, ...rest } = draft.json;
    draft.body = JSON.stringify({ ...(token !== undefined && { next_page_token: token }), ...rest });
  },
  'white space': edited((text) => JSON.stringify(JSON.parse(text), null, 9).replaceAll('\n', '\r\n\t')),
  'integers as text': edited((text) => text.replace(/"(step|timestamp|start_time|end_time)":(\d+)/g, '"$1":"$2"')),
  'every row twice': (draft, { place }) => {
    const list = (draft.json[LISTS[place]] ?? []) as Json[];
    if (place !== 'histories') draft.json[LISTS[place]] = list.flatMap((row) => [row, row]);
  },
  'keys of every object': rows((row) => {
    if (row?.data === undefined) return;
    row.data.params.push({ key: '__proto__', value: 'x' }, { key: 'constructor', value: 'y' });
    row.data.tags.push({ key: 'toString', value: 'z' });
  }),
  'a field of a megabyte': rows((row) => ({ ...row, unknown: 'x'.repeat(1_000_000) })),
  'byte by byte': (draft) => {
    const body = Buffer.from(JSON.stringify(draft.json));
    draft.send = (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      for (let at = 0; at < body.length; at += at < 200 ? 1 : 997)
        response.write(body.subarray(at, at < 200 ? at + 1 : at + 997));
      response.end();
    };
  },
  'a failure first': (draft, { before }) => {
    if (before === 0) draft.status = 503;
  },
  'a connection closed first': (draft, { before }) => {
    if (before === 0) draft.send = (response) => void response.destroy();
  },
};

const BAD_HISTORIES: Readonly<Record<string, Spoil>> = {
  'null for a point': rows(() => null),
  'an object as a point': rows((row) => ({ ...row, value: {} })),
  'a step of a point in words': rows((row) => ({ ...row, step: 'x' })),
  'points of another metric': rows((row) => ({ ...row, key: 'zzz' })),
};

function endlessHistory(draft: Draft, { query }: Occasion): void {
  const point = `"key":"accuracy","value":0.5,"timestamp":1,"run_id":"${query.get('run_id')}"`;
  const metrics = Array.from({ length: 25_000 }, () => `{${point},"step":${tokens++}}`).join();
  draft.body = `{"metrics":[${metrics}],"next_page_token":"t${tokens}"}`;
}

const HEAVY: ReadonlySet<string> = new Set([
  'an endless body',
  'endless rows',
  'an endless nesting',
  'millions of parts',
  'large new runs without end',
  'without end',
]);
const make = (kind: string, spoils: Readonly<Record<string, Spoil>>, at: readonly Place[], ends: End) =>
  Object.entries(spoils).map(
    ([name, spoil]): Fault => ({ name: `${kind}: ${name}`, at, ends, isHeavy: HEAVY.has(name), spoil }),
  );
const named = <T>(items: readonly T[], toSpoil: (item: T) => Spoil) =>
  Object.fromEntries(items.map((item) => [String(item).slice(0, 30), toSpoil(item)]));

export const FAULTS: readonly Fault[] = [
  ...make('connection', CONNECTION, HARD, 'fault'),
  ...make('slow', SLOW, HARD, 'fault'),
  ...make(
    'status',
    named(STATUSES, (code) => status(code)),
    EVERYWHERE,
    'fault',
  ),
  ...make(
    'retry after',
    named(WAITS, (wait) => status(429, { 'retry-after': wait })),
    EVERYWHERE,
    'fault',
  ),
  ...make(
    'redirect',
    named(TARGETS, (location) => status(307, { location })),
    EVERYWHERE,
    'fault',
  ),
  ...make('body', BODIES, HARD, 'fault'),
  ...make('pages', PAGES, ['runs'], 'fault'),
  ...make('run', BAD_RUNS, ['runs'], 'lost'),
  ...make(
    'experiment',
    {
      'a number as id': rows((row) => ({ ...row, experiment_id: 1 })),
      'null as name': rows((row) => ({ ...row, name: null })),
      'an object as name': rows((row) => ({ ...row, name: { toString: 1 } })),
      'null for a tag': rows((row) => ({ ...row, tags: [null] })),
      'null for an experiment': rows(() => null),
    },
    ['experiments'],
    'lost',
  ),
  ...make('harmless', HARMLESS, EVERYWHERE, 'whole'),
  ...make('histories', BAD_HISTORIES, ['histories'], 'fault'),
  ...make('histories', { 'without end': endlessHistory }, ['histories'], 'fault'),
  // What is asked for at once is asked for one by one where that fails.
  ...make('bulk', { ...BODIES, ...BAD_HISTORIES }, ['histories'], 'whole').map((fault) => ({
    ...fault,
    spoil: (draft: Draft, occasion: Occasion) => {
      if (occasion.query.getAll('run_id').length > 1) fault.spoil(draft, occasion);
    },
  })),
];

export const findFault = (name: string): Fault | undefined => FAULTS.find((fault) => fault.name === name);

export const placeOfFault = ({ at }: Fault, seed: number): Place => at[seed % at.length]!;
