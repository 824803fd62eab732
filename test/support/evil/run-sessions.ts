/** Many sessions over the stores of a world, and what any of them broke. */
import type { Answer } from '../../../src/agent/events.ts';
import { type Strain, watchLoop } from '../loop-watch.ts';
import { type Reply, type RequestBody, startMessagesApi } from '../messages-api.ts';
import { type Evidence, findBroken } from './invariants.ts';
import { type Chance, createChance } from './random.ts';
import { converse, render } from './session.ts';
import { CANARY, createEvilDeps, createWorld, hashFolder, LIMITS } from './world.ts';

export interface Plan {
  readonly sessions: number;
  readonly seed: number;
  questions(chance: Chance): readonly string[];
  reply(body: RequestBody, chance: Chance, trap: string): Reply;
}

export interface Report {
  /** What was broken, with the seed of its session. */
  readonly broken: readonly string[];
  readonly statuses: Readonly<Record<string, number>>;
  readonly requests: number;
  readonly questions: number;
  readonly slowestMs: number;
  readonly strain: Strain;
}

/** Folders are hashed after so many sessions, for they are read whole. */
const HASH_EVERY = 100;

/** One after the other, so that what was touched meanwhile is known to be of one session, or of the last hundred. */
export async function runSessions({ sessions, seed, questions, reply }: Plan): Promise<Report> {
  await using world = await createWorld();
  let chance = createChance(seed);
  const api = await startMessagesApi((body) => reply(body, chance, world.trap.url));
  using rejections = watchRejections();
  const hashAll = () => world.stores.map(({ folder }) => hashFolder(folder)).join();
  const before = hashAll();
  let after = before;
  const broken: string[] = [];
  const statuses: Record<string, number> = {};
  let [requests, asked, slowestMs] = [0, 0, 0];
  // What is loaded once is no part of what is measured.
  const first = createEvilDeps(world.stores[0]!, api.url, 'claude');
  for await (const _ of converse(['Which run is best?'], first)) api.requests.splice(0);
  const watch = watchLoop();
  for (let n = 0; n < sessions; n++) {
    chance = createChance(seed + n);
    const deps = createEvilDeps(chance.pick(world.stores), api.url, chance.pick(['auto', 'claude']));
    for await (const turn of converse(questions(chance), deps)) {
      const sent = api.requests.splice(0);
      // How long drawing takes is measured where it is drawn.
      const outputs = turn.answer && watch.leaveOut(() => render(turn.answer as Answer));
      const evidence: Evidence = {
        ...turn,
        outputs,
        limits: LIMITS,
        sent: sent.map(({ json }) => json),
        offered: sent.flatMap(({ body }) => (body.tools === undefined ? [] : [toolsOf(body)])),
        hashes: [before, after],
        strayed: world.trap.hits.splice(0),
        canary: CANARY,
      };
      broken.push(...findBroken(evidence).map((one) => `seed ${seed + n}, ${JSON.stringify(turn.question)}: ${one}`));
      requests += sent.length;
      asked += 1;
      slowestMs = Math.max(slowestMs, turn.ms);
      const status = turn.answer?.error?.code ?? turn.answer?.status ?? 'thrown';
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
    if (n % HASH_EVERY === HASH_EVERY - 1) watch.leaveOut(() => (after = hashAll()));
  }
  const strain = watch.stop();
  if (hashAll() !== before) broken.push('I1: a store has changed');
  await api.close();
  broken.push(...new Set(api.complaints.map((one) => `a request that the API does not take: ${one}`)));
  broken.push(...rejections.seen.map((one) => `I8 typed, nobody caught: ${one}`));
  return { broken, statuses, requests, questions: asked, slowestMs, strain };
}

const toolsOf = ({ tools = [] }: RequestBody): string =>
  JSON.stringify(tools.map(({ name, description, input_schema }) => [name, description, input_schema]));

function watchRejections(): Disposable & { readonly seen: readonly string[] } {
  const seen: string[] = [];
  const note = (error: unknown) => void seen.push(error instanceof Error ? String(error.stack) : String(error));
  process.on('unhandledRejection', note);
  return { seen, [Symbol.dispose]: () => void process.off('unhandledRejection', note) };
}
