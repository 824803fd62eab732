/** Long texts are made piece by piece: keys, signals and other questions get their turn in between. */
import { setImmediate } from 'node:timers/promises';

const TURN_MS = 25;

export async function joinInTurns(pieces: Iterable<string>): Promise<string> {
  const texts: string[] = [];
  let ends = performance.now() + TURN_MS;
  for (const piece of pieces) {
    texts.push(piece);
    if (performance.now() < ends) continue;
    await setImmediate();
    ends = performance.now() + TURN_MS;
  }
  return texts.join('');
}
