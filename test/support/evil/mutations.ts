/** Harm done to the events of a stream: lost, doubled, swapped, with other values, cut or with bytes turned over. */
import { frame } from '../messages-api.ts';
import type { Chance } from './random.ts';

type Path = readonly string[];

/** What may stand anywhere instead of what belongs there. */
export const JUNK: readonly unknown[] = [
  ...[null, true, -1, 0, 1.5, 1e9, 1e308, '', 'x', '0.9911', 'end_turn', 'tool_use', '__proto__', 'text_delta'],
  ...['\u001b]8;;http://evil.example\u0007', '\u202e', '\ud800', 'A'.repeat(5_000), [], {}, { a: { b: [] } }],
  ...[{ toString: 1, valueOf: 1 }, ['a'], Array.from({ length: 300 }, (_, n) => n)],
];
const EXTRA: readonly unknown[] = [
  { type: 'ping' },
  { type: 'message_stop' },
  { type: 'error', error: { type: 'overloaded_error', message: 'scripted' } },
  { type: 'error', error: null },
  { type: '__proto__' },
  ...['data: junk\n\n', ': c\n', 'event: x\n\n', 'event: ping\ndata: {"type":"message_stop"}\n\n', '\r\r\n', '\ufeff'],
];

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))];
}

/** A copy with something else, or nothing, in one place. */
function changed(event: unknown, path: Path, change: (parent: Record<string, unknown>, key: string) => void): unknown {
  const copy = structuredClone(event);
  const key = path.at(-1);
  if (key === undefined) return null;
  let parent = copy as Record<string, unknown>;
  for (const step of path.slice(0, -1)) parent = parent[step] as Record<string, unknown>;
  change(parent, key);
  return copy;
}

const HARMS: readonly ((events: unknown[], at: number, chance: Chance) => void)[] = [
  (events, at) => events.splice(at, 1),
  (events, at) => events.splice(at, 0, structuredClone(events[at])),
  (events, at, chance) => {
    const other = chance.int(events.length);
    [events[at], events[other]] = [events[other], events[at]];
  },
  (events, at, chance) => {
    const junk = chance.pick(JUNK);
    events[at] = changed(events[at], chance.pick(pathsOf(events[at])), (parent, key) => {
      parent[key] = junk;
    });
  },
  (events, at, chance) => {
    events[at] = changed(events[at], chance.pick(pathsOf(events[at])), (parent, key) => delete parent[key]);
  },
  (events, at, chance) => events.splice(at, 0, chance.pick(EXTRA)),
];

/** One to four harms. */
export function mutateEvents(events: readonly unknown[], chance: Chance): unknown[] {
  const mutated = [...events];
  for (let left = 1 + chance.int(4); left > 0 && mutated.length > 0; left--)
    chance.pick(HARMS)(mutated, chance.int(mutated.length), chance);
  return mutated;
}

/** The stream as bytes: some of them missing at the end, some turned into others. */
export function mutateBytes(events: readonly unknown[], chance: Chance): Buffer {
  const bytes = Buffer.from(events.map(frame).join(''));
  const cut = chance.odds(0.08) ? bytes.subarray(0, chance.int(bytes.length)) : bytes;
  if (chance.odds(0.08)) for (let left = 5; left > 0; left--) cut[chance.int(cut.length)] = chance.int(256);
  return cut;
}
