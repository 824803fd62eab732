/** What models cost, as published on `PRICES_AS_OF`. A model that is not listed has no known price. */
import type { Usage } from './model.ts';

export const PRICES_AS_OF = '2026-11-30';

/** US dollars per million tokens. */
interface Rates {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  /** Kept for five minutes. */
  readonly cacheWrite: number;
}

interface Price extends Rates {
  /** What every token of a request costs whose prompt has more tokens than `above`. */
  readonly long?: { readonly above: number; readonly rates: Rates } | undefined;
}

const rates = (input: number, output: number, cacheRead: number, cacheWrite: number): Rates => ({
  input,
  output,
  cacheRead,
  cacheWrite,
});

const PRICES = new Map<string, Price>([
  ['claude-fable-5-2', rates(8, 40, 0.2, 10)],
  ['claude-fable-5-1', rates(10, 50, 0.25, 12.5)],
  ['claude-opus-5-5', rates(4, 20, 0.2, 5)],
  ['claude-opus-5', rates(5, 25, 0.5, 6.25)],
  ['claude-sonnet-5-5', rates(2, 10, 0.1, 2.5)],
  ['claude-sonnet-5', rates(2, 10, 0.2, 2.5)],
  [
    'claude-haiku-5-5',
    { ...rates(0.1, 0.5, 0.01, 0.125), long: { above: 100_000, rates: rates(0.5, 2.5, 0.05, 0.625) } },
  ],
]);

/** Of one reply. Undefined where the price is not known; nothing was sent, nothing is owed. */
export function costUsd(model: string, usage: Usage): number | undefined {
  if (usage.requests === 0) return 0;
  // A model goes by its name with or without the day of its release.
  const price = PRICES.get(model.replace(/-\d{8}$/, ''));
  if (price === undefined) return undefined;
  const prompt = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
  const { input, output, cacheRead, cacheWrite } = price.long && prompt > price.long.above ? price.long.rates : price;
  const microUsd =
    usage.inputTokens * input +
    usage.outputTokens * output +
    usage.cacheReadTokens * cacheRead +
    usage.cacheWriteTokens * cacheWrite;
  return microUsd / 1e6;
}
