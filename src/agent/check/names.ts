/** What the names in the findings stand for: things, measures and values. */
import type { Finding } from '../../finding/finding.ts';
import { pluralOf } from '../../finding/format.ts';
import { quoteName, visibleText } from '../../finding/quote.ts';
import { isRef, type Ref, refKey } from '../../finding/refs.ts';
import type { Cell, Column } from '../../finding/table.ts';
import { holdsThings } from '../../finding/table.ts';
import { GENERIC_PARTS } from '../terms/metrics.ts';
import { foldKey, foldName } from './fold.ts';
import { partsOfLists } from './parts-of-lists.ts';
import { saidGroups, saidMeans } from './said-groups.ts';
import { labelOwner, type Owner, readLabel } from './table-shape.ts';

export interface NameMeaning {
  /** Things and labelled rows. */
  readonly owners: ReadonlySet<Owner>;
  /** Folded keys of metrics, params, tags and columns. */
  readonly measures: ReadonlySet<string>;
  /** Whether it is a stored value: a status, a param's text. */
  readonly isValue: boolean;
}

interface Known extends NameMeaning {
  readonly owners: Set<Owner>;
  readonly measures: Set<string>;
  isValue: boolean;
}

/** Longer names are read in quotes only. */
const MOST_WORDS = 8;
const WORDS_OF = /[^\s|(),;:!?"“”`*]+/g;

export class KnownNames {
  readonly #meanings = new Map<string, Known>();
  /** By the first folded word the most words that a name which begins so has. */
  readonly #lengths = new Map<string, number>();
  readonly #ids = new Map<string, Owner>();
  #sortedIds: string[] | undefined;
  /** Of each kind of thing the last numbers of the names: `run 17` is `run-017`. */
  readonly #numbered = new Map<string, Map<number, Set<Owner>>>();
  readonly kinds = new Set<string>();
  /** Kinds by their singular and plural. */
  readonly nouns = new Map<string, string>();
  readonly #refs = new Map<Owner, Ref>();
  readonly #exact = new Set<string>();
  readonly #days = new Map<string, Set<Owner>>();
  readonly #parts = new Set<string>();
  readonly #numbers = new Map<string, { readonly owner: Owner; readonly key: string }>();

  add(finding: Finding): void {
    const { data, coverage, subject } = finding;
    this.#addKind(coverage.unit);
    for (const { key, groups } of saidGroups(finding))
      for (const { label } of groups) {
        this.#addLabel(label, foldKey(key));
        this.addValue(label);
      }
    for (const { label } of saidMeans(finding)) this.#addLabel(label, '');
    for (const { key, label } of partsOfLists(finding)) this.#addLabel(label, foldKey(key));
    for (const { columns, rows } of data.tables) {
      for (const [index, column] of columns.entries())
        this.#addColumn(
          column,
          rows.map((row) => row[index]),
          index,
        );
    }
    for (const { of, metric } of data.series ?? []) {
      this.addRef(of);
      this.addMeasure(metric);
    }
    for (const cell of Object.values(data.facts ?? {})) this.#addCell(cell);
    const scope = coverage.scope === 'all' ? [] : coverage.scope;
    for (const ref of [...scope, ...subject.refs]) this.addRef(ref);
    if (subject.measure !== undefined) this.addMeasure(subject.measure);
  }

  #addKind(kind: string): void {
    this.kinds.add(kind);
    this.nouns.set(kind, kind);
    this.nouns.set(pluralOf(kind), kind);
  }

  #addColumn(column: Column, cells: readonly Cell[], index: number): void {
    const [, measure] = column.key.endsWith(`.${column.label}`)
      ? [undefined, column.label]
      : readLabel(column.label, column.key);
    const isLabel = index === 0 && !holdsThings(column);
    if (
      measure !== '' &&
      column.key !== 'relative' &&
      !holdsThings(column) &&
      !isLabel &&
      !NO_MEASURES.has(column.kind)
    )
      this.addMeasure(measure);
    for (const cell of cells) {
      this.#addCell(cell);
      if (isLabel && (typeof cell === 'string' || typeof cell === 'number')) {
        if (column.key !== 'key') this.#addLabel(String(cell), foldKey(column.label));
        if (NAMES_KEYS.has(column.key))
          for (const part of String(cell).split(' + ')) {
            this.addMeasure(part);
            if (column.key !== 'key') this.#meaning(part).owners.add(labelOwner(String(cell)));
          }
      }
    }
  }

  /** `Pearson r` is also called by its longest word, and a day by any way to write it. */
  #addLabel(label: string, key: string): void {
    const owner = labelOwner(label);
    if (NUMBER.test(label)) this.#numbers.set(label, { owner, key });
    this.#meaning(label).owners.add(owner);
    const words = label.split(' ').filter((word) => /^\p{L}{5,}$/u.test(word));
    if (words.length === 1) this.#meaning(words[0]!).owners.add(owner);
    const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(label) ?? [];
    if (year !== undefined)
      for (const part of [label, `${month}-${day}`])
        this.#days.set(part, (this.#days.get(part) ?? new Set()).add(owner));
  }

  /** The row that a number labels, and the key that the rows are grouped by. */
  labelled(number: string): { readonly owner: Owner; readonly key: string } | undefined {
    return this.#numbers.get(number);
  }

  /** Rows that are labelled with a day. */
  ofDay(parts: readonly string[]): ReadonlySet<Owner> | undefined {
    for (const part of parts) {
      const owners = this.#days.get(part);
      if (owners !== undefined) return owners;
    }
    return undefined;
  }

  #addCell(cell: Cell): void {
    if (isRef(cell)) this.addRef(cell);
    else if (typeof cell === 'string' && cell !== '') this.addValue(cell);
  }

  addRef(ref: Ref): void {
    const owner = refKey(ref);
    this.#addKind(ref.kind);
    this.#refs.set(owner, ref);
    this.#ids.set(ref.id, owner);
    this.#sortedIds = undefined;
    this.#addParts(ref.name);
    for (const shown of shownForms(ref.name)) this.#meaning(shown).owners.add(owner);
    const last = /(\d+)\D*$/.exec(ref.name.slice(-200))?.[1];
    if (last === undefined) return;
    const numbers = this.#numbered.get(ref.kind) ?? new Map<number, Set<Owner>>();
    this.#numbered.set(ref.kind, numbers);
    numbers.set(Number(last), (numbers.get(Number(last)) ?? new Set()).add(owner));
  }

  /** A name that text worded by code quotes. */
  addQuoted(name: string): void {
    this.#meaning(name);
  }

  addValue(text: string): void {
    for (const shown of shownForms(text)) this.#meaning(shown).isValue = true;
  }

  /** With whatever part of it people call it by: `f1` of `f1_score`. */
  addMeasure(key: string): void {
    this.#addParts(key);
    const folded = foldKey(key);
    for (const shown of [...shownForms(key), folded]) this.#meaning(shown).measures.add(folded);
    const parts = folded.split('_').filter((part) => part !== '');
    for (let start = 0; start < parts.length; start++) {
      for (let end = start + 1; end <= Math.min(parts.length, start + MOST_WORDS); end++) {
        const some = parts.slice(start, end);
        if (!some.every((part) => GENERIC_PARTS.has(part))) this.#meaning(some.join('_')).measures.add(folded);
      }
    }
  }

  #meaning(name: string): Known {
    this.#exact.add(name);
    // In quotes, blanks at the ends do not count.
    const folded = foldName(name.trim());
    const known = this.#meanings.get(folded);
    if (known !== undefined) return known;
    const meaning: Known = { owners: new Set(), measures: new Set(), isValue: false };
    this.#meanings.set(folded, meaning);
    const words = name.match(WORDS_OF) ?? [];
    const first = foldName(words[0] ?? '').split('_')[0] ?? '';
    this.#lengths.set(first, Math.max(this.#lengths.get(first) ?? 0, Math.min(MOST_WORDS, folded.split('_').length)));
    return meaning;
  }

  /** Whether some thing or key is called by a part of its name: `v2` of `fraud-v2`. */
  isPart(text: string): boolean {
    return this.#parts.has(text.toLowerCase());
  }

  #addParts(name: string): void {
    for (const [part] of name.slice(0, 400).matchAll(/[a-z0-9]+/gi)) this.#parts.add(part.toLowerCase());
  }

  /** Whether a name is written just so. */
  isExact(text: string): boolean {
    return this.#exact.has(text);
  }

  /** Whole names as they are or with short forms written out; starts of ids. */
  find(text: string): NameMeaning | undefined {
    const folded = foldName(text);
    const exact = this.#meanings.get(folded);
    const key = foldKey(text);
    const written = key === folded ? undefined : this.#meanings.get(key);
    if (exact !== undefined && written !== undefined && exact !== written)
      return {
        owners: exact.owners,
        measures: exact.measures.size > 0 ? exact.measures : written.measures,
        isValue: exact.isValue,
      };
    return (
      exact ??
      written ??
      this.findId(text) ??
      (/[a-z]{4}s$/.test(folded) ? this.#meanings.get(folded.slice(0, -1)) : undefined)
    );
  }

  findId(text: string): NameMeaning | undefined {
    const exact = this.#ids.get(text);
    if (exact !== undefined) return ownersOnly([exact]);
    if (!/^[0-9a-f]{6,}$/.test(text)) return undefined;
    this.#sortedIds ??= [...this.#ids.keys()].sort();
    const from = firstFrom(this.#sortedIds, text);
    const owners: Owner[] = [];
    for (let at = from; this.#sortedIds[at]?.startsWith(text); at++) owners.push(this.#ids.get(this.#sortedIds[at]!)!);
    return owners.length === 0 ? undefined : ownersOnly(owners);
  }

  /** `experiment 3`: the whole id of a thing of the kind; `id 3`: of any. */
  hasId(id: string, kind: string | undefined): Owner | undefined {
    const owner = this.#ids.get(id);
    return owner !== undefined && (kind === undefined || this.#refs.get(owner)?.kind === kind) ? owner : undefined;
  }

  numbered(kind: string, number: number): ReadonlySet<Owner> | undefined {
    return this.#numbered.get(kind)?.get(number);
  }

  /** Whether a name ends in the number as it is written, leading zeros and all. */
  writesNumber(owners: ReadonlySet<Owner>, digits: string): boolean {
    return [...owners].some((owner) => this.#refs.get(owner)?.name.endsWith(`-${digits}`));
  }

  refOf(owner: Owner): Ref | undefined {
    return this.#refs.get(owner);
  }

  /** Most words that a name has which begins with this one; 0 where none does. */
  lengthFrom(word: string): number {
    const first = foldName(word).split('_')[0] ?? '';
    const written = (foldKey(first).split('_')[0] ?? '') as string;
    return Math.max(this.#lengths.get(first) ?? 0, this.#lengths.get(written) ?? 0);
  }
}

const NUMBER = /^-?\d+(?:\.\d+)?$/;
const NO_MEASURES: ReadonlySet<string> = new Set(['count', 'text', 'status', 'time', 'delta']);
const NAMES_KEYS = new Set(['key', 'metric', 'param', 'tag', 'params', 'tags']);

const ownersOnly = (owners: readonly Owner[]): NameMeaning => ({
  owners: new Set(owners),
  measures: new Set(),
  isValue: false,
});

/** A name as it is stored and as it is shown. */
function shownForms(name: string): string[] {
  if (name === '') return [];
  return /^[\w.-]{1,80}$/.test(name) ? [name] : [...new Set([name, visibleText(name), quoteName(name).slice(1, -1)])];
}

function firstFrom(sorted: readonly string[], text: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < text) low = middle + 1;
    else high = middle;
  }
  return low;
}
