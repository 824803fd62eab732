/** Keys and names that were almost said right: what they could mean, and what is nearest when they mean nothing. */
import { nameTokens } from '../../analysis/direction.ts';

export interface NamedKey {
  readonly key: string;
  readonly runs: number;
}

/** Words that stand for the same; the first is the one compared by. */
const ALIASES: ReadonlyMap<string, readonly string[]> = new Map([
  ['acc', ['accuracy']],
  ['val', ['validation']],
  ['valid', ['validation']],
  ['eval', ['validation']],
  ['evaluation', ['validation']],
  ['test', ['validation']],
  ['train', ['training']],
  ['auroc', ['auc']],
  ['rocauc', ['auc']],
  ['lr', ['learning', 'rate']],
  ['bs', ['batch', 'size']],
  ['bsz', ['batch', 'size']],
  ['batchsize', ['batch', 'size']],
  ['wd', ['weight', 'decay']],
  ['ppl', ['perplexity']],
  ['avg', ['mean']],
  ['average', ['mean']],
]);

/** `roc_auc` and `auc_roc` are `auc`. */
function aliasTokens(name: string): string[] {
  const tokens = nameTokens(name).flatMap((token) => ALIASES.get(token) ?? [token]);
  return tokens.includes('auc') ? tokens.filter((token) => token !== 'roc') : tokens;
}

const squash = (name: string): string => nameTokens(name).join('');

function contains(key: readonly string[], asked: readonly string[]): boolean {
  return asked.length > 0 && asked.every((token) => key.includes(token));
}

function sameTokens(key: readonly string[], asked: readonly string[]): boolean {
  return key.length === asked.length && contains(key, asked);
}

/** Levenshtein distance, given up above `limit`. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(change, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? limit + 1;
}

const MENDABLE_LENGTH = 5;
const MOST_TYPOS = 2;

/** Ways to be nearly right, the surest first. Bare edit distance would call `lr` nearer to `f1` than `val_f1` is. */
const MATCHERS: readonly ((asked: string) => (key: string) => boolean)[] = [
  (asked) => (key) => squash(key) === squash(asked),
  (asked) => (key) => sameTokens(aliasTokens(key), aliasTokens(asked)),
  (asked) => (key) => contains(nameTokens(key), nameTokens(asked)),
  (asked) => (key) => contains(aliasTokens(key), aliasTokens(asked)),
  (asked) => (key) =>
    Math.min(squash(asked).length, squash(key).length) >= MENDABLE_LENGTH &&
    editDistance(squash(asked), squash(key), MOST_TYPOS) <= MOST_TYPOS,
];

const isSystemKey = (key: string): boolean => key.startsWith('system/');

/** Keys that `asked` may mean, by the surest way that finds any; most used first. `system/*` only when nothing else fits. */
export function nearMisses(asked: string, keys: readonly NamedKey[]): NamedKey[] {
  const groups = [keys.filter(({ key }) => !isSystemKey(key)), keys.filter(({ key }) => isSystemKey(key))];
  for (const group of groups) {
    for (const matcher of MATCHERS) {
      const matches = group.filter(({ key }) => matcher(asked)(key));
      if (matches.length > 0) return matches.sort(byUse);
    }
  }
  return [];
}

/** Most used first, then by name. */
export function byUse(a: NamedKey, b: NamedKey): number {
  return b.runs - a.runs || (a.key < b.key ? -1 : 1);
}

/** Below it nobody would have meant the name; a word in common counts more than letters do. */
const ALIKE = { words: 0.4, letters: 0.6 };

/** Names that resemble `asked` though they cannot be meant for sure, the most alike first: for hints only. */
export function nearestNames(asked: string, names: readonly string[], limit = 3): string[] {
  const words = new Set(nameTokens(asked));
  const short = squash(asked).slice(0, 60);
  const score = (name: string): number => {
    const tokens = nameTokens(name);
    const shared = tokens.filter((token) => words.has(token)).length;
    const squashed = squash(name).slice(0, 60);
    const longest = Math.max(short.length, squashed.length, 1);
    const alike = 1 - editDistance(short, squashed, longest) / longest;
    const common = shared / Math.max(words.size, tokens.length, 1);
    return Math.max(alike >= ALIKE.letters ? alike : 0, common >= ALIKE.words ? common : 0);
  };
  return names
    .map((name) => ({ name, score: score(name) }))
    .filter((one) => one.score > 0)
    .sort((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1))
    .slice(0, limit)
    .map((one) => one.name);
}
