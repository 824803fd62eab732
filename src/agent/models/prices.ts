/** What models cost, as published on `PRICES_AS_OF`. A model that is not listed has no known price. */
import type { Usage } from './model.ts';

export const PRICES_AS_OF = '2026-11-20';

/** US dollars per million tokens. */
interface Price {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

const PRICES = new Map<string, Price>([
  ['claude-opus-5-5', { input: 4, output: 20, cacheRead: 0.2, cacheWrite: 5 }],
  ['claude-sonnet-5-5', { input: 2, output: 10, cacheRead: 0.2, cacheWrite: 2.5 }],
]);

/** Undefined where the price is not known; nothing was sent, nothing is owed. */
export function costUsd(model: string, usage: Usage): number | undefined {
  if (usage.requests === 0) return 0;
  const price = PRICES.get(model);
  if (price === undefined) return undefined;
  const microUsd =
    usage.inputTokens * price.input +
    usage.outputTokens * price.output +
    usage.cacheReadTokens * price.cacheRead +
    usage.cacheWriteTokens * price.cacheWrite;
  return microUsd / 1e6;
}
