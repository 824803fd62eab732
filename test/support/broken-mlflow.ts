/** A small MLflow over HTTP that is broken or hostile in one way at a time; what it does is told by the path asked. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type Fault, findFault, placeOfFault } from './server-faults.ts';
import { answerRight, type Draft, type Place, placeOf } from './small-mlflow.ts';

/** mulberry32 */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What one asker has met: counters and chance of its own. */
class Visit {
  readonly fault: Fault | undefined;
  readonly place: Place | undefined;
  readonly random: () => number;
  readonly size: number;
  readonly #asked = new Map<Place, number>();

  constructor(fault: string, seed: number) {
    this.fault = findFault(fault);
    this.place = this.fault && placeOfFault(this.fault, seed);
    this.random = seeded(seed);
    this.size = 5 + Math.floor(this.random() * 20);
  }

  countAt(place: Place): number {
    const before = this.#asked.get(place) ?? 0;
    this.#asked.set(place, before + 1);
    return before;
  }
}

export interface BrokenMlflow {
  /** Where it is broken in that way; `''` is in none. */
  uriOf(fault: string, seed: number): string;
  stop(): Promise<void>;
}

export async function startBrokenMlflow(): Promise<BrokenMlflow> {
  const visits = new Map<string, Visit>();
  const server = createServer(async (request, response) => {
    request.on('error', () => {});
    response.on('error', () => {});
    const chunks = await Array.fromAsync(request as AsyncIterable<Buffer>).catch(() => []);
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
    const [, fault = '', seed = ''] = pathname.split('/');
    const key = `${fault}/${seed}`;
    const visit = visits.get(key) ?? new Visit(decodeURIComponent(fault), Number(seed));
    visits.set(key, visit);
    const place = placeOf(pathname);
    const occasion = { place, random: visit.random, before: visit.countAt(place), query: searchParams };
    const body = Buffer.concat(chunks).toString();
    const json = answerRight(pathname, occasion, body === '' ? {} : JSON.parse(body), visit.size);
    const draft: Draft = { status: json === undefined ? 404 : 200, headers: {}, json: json ?? {} };
    if (visit.place === place) visit.fault?.spoil(draft, occasion);
    send(response, draft, visit.random);
  });
  server.on('clientError', (_error, socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    uriOf: (fault, seed) => `http://127.0.0.1:${address.port}/${encodeURIComponent(fault || 'none')}/${seed}`,
    async stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Whole, or in two pieces. */
function send(response: ServerResponse, draft: Draft, random: () => number): void {
  if (draft.send !== undefined) {
    draft.send(response);
    return;
  }
  try {
    response.writeHead(draft.status, { 'content-type': 'application/json', ...draft.headers });
  } catch {
    response.destroy();
    return;
  }
  const body = Buffer.from(draft.body ?? JSON.stringify(draft.json));
  const cut = Math.floor(random() * body.length);
  response.write(body.subarray(0, cut));
  setImmediate(() => response.end(body.subarray(cut)));
}
