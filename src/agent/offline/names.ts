/** Finds a store's own names in a question: experiments, keys, values and runs, exactly or in part. */
import type { KnownExperiment, KnownKey, KnownRun, KnownValue } from '../../tools/resolve/vocabulary.ts';
import type { Lexicon } from './lexicon.ts';
import type { Meaning } from './meanings.ts';
import { loosen, normalize } from './tokens.ts';

/** How well a span fits a name; higher wins. Lexicon words weigh less than a full name and more than a part. */
export const FIT = { exact: 10, loose: 9, value: 9, lexicon: 8, keyPart: 7.9, part: 6 } as const;

/** What may be the beginning of a run's id. */
const ID_PREFIX = /^[0-9a-f]{6,32}$/u;

export interface NameMatch {
  readonly meaning: Meaning;
  readonly fit: number;
}

export class NameIndex {
  readonly experiments: readonly KnownExperiment[];
  readonly keys: readonly KnownKey[];
  /** Words of the language, which names give way to or stand before. */
  readonly lexicon: Lexicon;
  readonly #experimentsBy: Lookup<KnownExperiment>;
  readonly #keysBy: Lookup<KnownKey>;
  readonly #values = new Map<string, KnownValue[]>();
  readonly #runs: KnownRun[] = [];
  /** By span: a question is cut several times. */
  readonly #matches = new Map<string, readonly NameMatch[]>();

  constructor(experiments: readonly KnownExperiment[], keys: readonly KnownKey[], lexicon: Lexicon) {
    this.lexicon = lexicon;
    this.experiments = experiments;
    this.keys = keys;
    this.#experimentsBy = new Lookup(experiments, (experiment) => experiment.name);
    this.#keysBy = new Lookup(keys, (key) => key.key);
  }

  /** Adds what the store found for the question's own spans. */
  addFound(values: readonly KnownValue[], runs: readonly KnownRun[]): void {
    for (const value of values)
      for (const spelling of new Set([normalize(value.value), loosen(value.value)]))
        push(this.#values, spelling, value);
    this.#matches.clear();
    const known = new Set(this.#runs.map(({ id }) => id));
    this.#runs.push(...runs.filter(({ id }) => !known.has(id)));
  }

  /** Every meaning that a span has as a name of the store. */
  match(text: string): readonly NameMatch[] {
    const known = this.#matches.get(text);
    if (known !== undefined) return known;
    const norm = normalize(text);
    const all = [...this.#matchExperiments(norm), ...this.#matchKeys(norm, text), ...this.#matchFound(norm)];
    const matches = all.map((one) => ({ ...one, meaning: this.#asWritten(one.meaning, text) }));
    this.#matches.set(text, matches);
    return matches;
  }

  /** What a span in quotes means: the names that are spelt just so, else those alike; never a part of one. */
  matchQuoted(text: string): Meaning[] {
    return this.match(text).flatMap(({ meaning, fit }) => (fit > FIT.lexicon ? [meaning] : []));
  }

  /** Of names that differ in case or joints alone the one that is spelt just so. */
  #asWritten(meaning: Meaning, text: string): Meaning {
    switch (meaning.kind) {
      case 'key': {
        const keys = this.keys.filter(({ key }) => key === text);
        return keys.length > 0 ? keyMeaning(text, keys, true) : meaning;
      }
      case 'experiment': {
        const options = this.experiments.filter(({ name }) => name === text);
        return options.length > 0 ? { ...meaning, options: preferActive(options) } : meaning;
      }
      case 'value':
        return { ...meaning, options: preferred(meaning.options, ({ value }) => value === text) };
      case 'run':
        return meaning.options.some(({ name }) => name === text)
          ? { ...meaning, options: meaning.options.filter((run) => run.name === text || isOfId(run, normalize(text))) }
          : meaning;
      default:
        return meaning;
    }
  }

  #matchExperiments(norm: string): NameMatch[] {
    const full = this.#experimentsBy.full(norm);
    if (full)
      return [{ meaning: { kind: 'experiment', options: preferActive(full.items), exact: true }, fit: full.fit }];
    const part = preferActive(this.#experimentsBy.part(norm));
    return part.length === 0 ? [] : [{ meaning: { kind: 'experiment', options: part, exact: false }, fit: FIT.part }];
  }

  #matchKeys(norm: string, text: string): NameMatch[] {
    const full = this.#keysBy.full(norm);
    if (full) {
      const names = new Set(full.items.map((item) => item.key));
      const [only] = names;
      return [
        { meaning: keyMeaning(names.size === 1 && only !== undefined ? only : text, full.items, true), fit: full.fit },
      ];
    }
    const part = this.#keysBy.part(norm).filter((key) => key.kind !== 'tag');
    // As written: another name may be nearer than the one that holds the word, as `accuracy` is to "acc".
    return part.length === 0 ? [] : [{ meaning: keyMeaning(text, part, false), fit: FIT.keyPart }];
  }

  #matchFound(norm: string): NameMatch[] {
    const matches: NameMatch[] = [];
    const runs = this.#runs.filter((run) => isOfId(run, norm) || normalize(run.name) === norm);
    if (runs.length > 0) matches.push({ meaning: { kind: 'run', options: runs }, fit: FIT.exact + 2 });
    const values = [...new Set([norm, loosen(norm)].flatMap((spelling) => this.#values.get(spelling) ?? []))];
    if (values.length > 0) matches.push({ meaning: { kind: 'value', options: values }, fit: FIT.value });
    return matches;
  }
}

/** Whether a run's id is this, or begins so. */
export const isOfId = ({ id }: KnownRun, text: string): boolean =>
  id === text || (ID_PREFIX.test(text) && id.startsWith(text));

/** Whether a name is spelt just so. */
export function isAsWritten(meaning: Meaning, text: string): boolean {
  switch (meaning.kind) {
    case 'key':
      return meaning.name === text && meaning.exact;
    case 'experiment':
      return meaning.options.some(({ name }) => name === text);
    case 'value':
      return meaning.options.some(({ value }) => value === text);
    case 'run':
      return meaning.options.some(({ id, name }) => id === text || name === text);
    default:
      return false;
  }
}

function keyMeaning(name: string, keys: readonly KnownKey[], exact: boolean): Meaning {
  return { kind: 'key', name, kinds: [...new Set(keys.map((key) => key.kind))], exact };
}

/** Those that pass, else all. */
function preferred<T>(items: readonly T[], passes: (item: T) => boolean): readonly T[] {
  const some = items.filter(passes);
  return some.length > 0 ? some : items;
}

/** Deleted experiments answer to their exact name only while no active one does. */
function preferActive(experiments: readonly KnownExperiment[]): readonly KnownExperiment[] {
  return preferred(experiments, ({ deleted }) => !deleted);
}

class Lookup<T> {
  readonly #exact = new Map<string, T[]>();
  readonly #loose = new Map<string, T[]>();
  /** Of each loose name. */
  readonly #words: readonly (readonly [words: ReadonlySet<string>, items: readonly T[]])[];

  constructor(items: readonly T[], nameOf: (item: T) => string) {
    for (const item of items) {
      push(this.#exact, normalize(nameOf(item)), item);
      push(this.#loose, loosen(nameOf(item)), item);
    }
    this.#words = Array.from(this.#loose, ([name, named]) => [new Set(name.split(' ')), named]);
  }

  full(norm: string): { readonly items: readonly T[]; readonly fit: number } | undefined {
    const exact = this.#exact.get(norm);
    if (exact) return { items: exact, fit: FIT.exact };
    const words = loosen(norm);
    // Of signs alone nothing is left to be alike.
    const loose = words === '' ? undefined : this.#loose.get(words);
    return loose && { items: loose, fit: FIT.loose };
  }

  /** Names that contain all words of the span; single letters and digits are no evidence. */
  part(norm: string): readonly T[] {
    const words = loosen(norm).split(' ');
    if (words.some((word) => word.length < 2) || /^[\d.]+$/u.test(norm)) return [];
    return this.#words.flatMap(([own, items]) => (words.every((word) => own.has(word)) ? items : []));
  }
}

function push<T>(map: Map<string, T[]>, key: string, item: T): void {
  const list = map.get(key);
  if (list) list.push(item);
  else map.set(key, [item]);
}
