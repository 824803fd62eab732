/** What the findings of a conversation support, ready to hold statements against. */
import type { Finding } from '../../finding/finding.ts';
import { quoteFilter } from '../../finding/quote.ts';
import { isRef, refKey } from '../../finding/refs.ts';
import { receiptLine } from '../../finding/text.ts';
import { STATUS_WORDS } from '../terms/status.ts';
import { type Count, countsOf } from './counts.ts';
import { Facts } from './facts.ts';
import { foldName } from './fold.ts';
import { lex } from './lexer.ts';
import { nounAfter } from './mentions.ts';
import { KnownNames } from './names.ts';
import { readSentence } from './read-sentence.ts';
import { NO_CONTEXT } from './sentence.ts';
import { splitSentences } from './splitting.ts';
import { type Around, aroundOf, carried, stretchesOf, wordsNear } from './stretches.ts';
import type { Owner } from './table-shape.ts';
import { TimeSet } from './times.ts';

/** A number, or a word of status, in text that code worded, with what stands around it. */
export interface TextFact {
  readonly value: number;
  readonly isPercent: boolean;
  readonly isDuration: boolean;
  /** What it counts, and the status that stands right behind it. */
  readonly noun?: string | undefined;
  readonly status?: string | undefined;
  readonly around: Around;
  /** Plain words right before and behind it. */
  readonly near: ReadonlySet<string>;
  readonly finding: Finding | undefined;
}

export interface EvidenceSources {
  readonly findings: Iterable<Finding>;
  /** What was asked: its names may be repeated, its counts echoed; none of its numbers is a value. */
  readonly questions: readonly string[];
  /** Other text worded by code: why a tool could not answer, the names of the tools. */
  readonly texts: readonly string[];
  readonly now: number;
  readonly timeZone: string;
}

/** Characters of one text that are read. */
const MOST_READ = 20_000;
/** Shorter ones say too little to be a quotation. */
const LEAST_VERBATIM = 25;
const MOST_VERBATIM = 4_000;

/** Words behind which a run's record says what others wrote. */
const STORED_LABEL = /^(?:user|source|git commit|parent|dataset|description) /;
const STORED_PART = /(?:^|[.;] )(?:user|source|git commit|parent|dataset|description) /;
const isStoredAt = (text: string, at: number): boolean => STORED_PART.test(text.slice(0, at));

/** A stored text in backticks cannot be told from a sentence of ours where it ends one itself. */
const withoutSentences = (text: string): string =>
  text.replace(/`([^`\n]*)`/g, (span, inside: string) => (/[.;?!] /.test(inside) ? ' ' : span));

export class Evidence {
  readonly names = new KnownNames();
  readonly facts = new Facts();
  readonly counts: Count[] = [];
  readonly texts: TextFact[] = [];
  readonly stretches: Around[] = [];
  /** `6 of 27`, as parts of one. */
  readonly shares: { readonly share: number; readonly around: Around }[] = [];
  readonly handles = new Set<string>();
  /** Of each thing the findings that name it. */
  readonly #naming = new Map<Owner, Set<string>>();
  readonly #worded: string[] = [];
  readonly urls = new Set<string>();
  /** Words that questions and advice use: naming them again claims nothing. */
  readonly words = new Set<string>();
  /** Times that text tells. */
  readonly moments: number[] = [];
  /** Long hexadecimal words of text that code worded, such as commits. */
  readonly hashes: string[] = [];
  /** Numbers that the question counts with: `the last 3 runs`. */
  readonly echoes = new Set<string>();
  readonly times: TimeSet;
  readonly timeZone: string;
  readonly findings: Finding[];
  /** The one thing that all findings are about. */
  readonly onlyOwner: Owner | undefined;

  constructor(sources: EvidenceSources) {
    this.findings = [...sources.findings];
    this.timeZone = sources.timeZone;
    this.times = new TimeSet(sources.timeZone);
    this.times.add(sources.now);
    for (const finding of this.findings) {
      this.handles.add(finding.handle);
      this.names.add(finding);
      this.#addNaming(finding);
      for (const { columns, rows } of finding.data.tables)
        for (const [index, { kind }] of columns.entries())
          if (kind === 'text') for (const row of rows) if (typeof row[index] === 'string') this.#addWords(row[index]);
      this.#worded.push(receiptLine(finding));
      for (const text of textsOf(finding)) {
        this.#nameQuoted(text, finding);
        this.#worded.push(withoutSentences(text.slice(0, MOST_READ)));
      }
      for (const [, plain, quoted] of (finding.coverage.filter ?? '').matchAll(
        /\b(?:metrics|params|tags)\.(?:([\w/.-]+)|`([^`]+)`)/g,
      ))
        this.names.addMeasure(plain ?? quoted ?? '');
      // As it is shown, it is a quotation, whatever numbers stand in it.
      if (finding.coverage.filter !== undefined)
        this.names.addQuoted(quoteFilter(finding.coverage.filter).replace(/^`+ ?| ?`+$/g, ''));
      for (const { url } of finding.links) this.urls.add(url);
    }
    for (const finding of this.findings) {
      this.facts.add(finding);
      this.counts.push(...countsOf(finding));
    }
    const scopes = new Set(
      this.findings.flatMap(({ coverage: { scope } }) => (scope === 'all' ? [] : scope.map(refKey))),
    );
    if (scopes.size > 1)
      this.counts.push({
        value: scopes.size,
        unit: 'experiment',
        tags: new Set(['scope']),
        finding: this.findings[0]!,
      });
    const alone = this.findings.filter(({ coverage }) => coverage.unit === 'run' && coverage.matched === 1);
    if (alone.length > 1)
      this.counts.push({
        value: new Set(alone.flatMap(({ subject }) => subject.refs.filter(({ kind }) => kind === 'run').map(refKey)))
          .size,
        unit: 'run',
        tags: new Set(['shown', 'matched']),
        finding: alone[0]!,
      });
    for (const finding of this.findings)
      for (const text of textsOf(finding)) {
        this.#read(text, finding);
        this.#addWords(text);
        for (const [hash] of text.slice(0, MOST_READ).matchAll(/\b[0-9a-f]{12,64}\b/g)) this.hashes.push(hash);
      }
    const subjects = new Set(
      this.findings
        .flatMap(({ subject, coverage }) =>
          coverage.unit === 'run' ? subject.refs.filter(({ kind }) => kind === 'run') : [],
        )
        .map(refKey),
    );
    this.onlyOwner =
      subjects.size === 1 && this.findings.every(({ coverage }) => coverage.matched === 1)
        ? [...subjects][0]
        : undefined;
    for (const text of sources.texts) {
      this.#worded.push(withoutSentences(text.slice(0, MOST_READ)));
      this.#nameQuoted(text, undefined);
      this.#addWords(text);
      this.#read(text.replace(/`[^`\n]*`/g, ' '), undefined);
    }
    for (const question of sources.questions) {
      this.#addWords(question);
      for (const [, number = '', noun = ''] of question.toLowerCase().matchAll(/\b(\w+)\s+(\w+)/g))
        this.echoes.add(`${number} ${noun}`);
    }
  }

  /** Whether a sentence stands so, whole, in text that code worded. */
  isVerbatim(sentence: string): boolean {
    const text = sentence.trim();
    if (text.length < LEAST_VERBATIM || text.length > MOST_VERBATIM) return false;
    return this.#worded.some((own) => {
      for (let at = own.indexOf(text); at >= 0; at = own.indexOf(text, at + 1)) {
        // What others wrote stands for a quotation only behind the word that says what it is.
        const isStart =
          (at === 0 || STORED_LABEL.test(text) || !isStoredAt(own, at)) &&
          (at === 0 || /[.;?!\n]\s*$/.test(own.slice(Math.max(0, at - 3), at)));
        const isEnd = /[.;?!]$/.test(text) || /^(?:$|[.;\n])/.test(own.slice(at + text.length, at + text.length + 1));
        if (isStart && isEnd) return true;
      }
      return false;
    });
  }

  /** Handles of the findings that name one of these. */
  handlesOf(owners: Iterable<Owner>): string[] {
    return [...new Set([...owners].flatMap((owner) => [...(this.#naming.get(owner) ?? [])]))];
  }

  #addNaming(finding: Finding): void {
    const { coverage, subject, data } = finding;
    const cells = data.tables.flatMap(({ rows }) => rows.flat()).filter(isRef);
    for (const ref of [...subject.refs, ...(coverage.scope === 'all' ? [] : coverage.scope), ...cells]) {
      const owner = refKey(ref);
      this.#naming.set(owner, (this.#naming.get(owner) ?? new Set()).add(finding.handle));
    }
  }

  #nameQuoted(text: string, finding: Finding | undefined): void {
    for (const { 1: name = '', index, 0: span } of text.matchAll(/(?<!`)`(?!`)([^`\n]{1,400})`(?!`)/g)) {
      const id = / \(([0-9a-f]{6,})\)/y;
      id.lastIndex = index + span.length;
      const found = id.exec(text)?.[1];
      if (found !== undefined && this.names.findId(found) === undefined)
        this.names.addRef({ kind: finding?.coverage.unit ?? 'run', id: found, name });
      else if (/ (?:=|!=|≠) $/.test(text.slice(0, index))) this.names.addValue(name);
      else if (/^[\w/.-]+$/.test(name) && this.names.find(name) === undefined) this.names.addMeasure(name);
      else this.names.addQuoted(name);
    }
  }

  #addWords(text: string): void {
    for (const [word] of text.slice(0, MOST_READ).matchAll(/[\p{L}\p{N}_]+(?:[-./:][\p{L}\p{N}_]+)*/gu))
      this.words.add(foldName(word));
  }

  #read(text: string, finding: Finding | undefined): void {
    let before: Around | undefined;
    let isStored = false;
    for (const tokens of splitSentences(lex(text.slice(0, MOST_READ), this.names))) {
      // From the first of these words on a record tells what others wrote: names, and no numbers.
      isStored ||= finding?.kind === 'record' && STORED_LABEL.test(text.slice(tokens[0]?.start ?? 0));
      const sentence = readSentence(tokens, NO_CONTEXT, this.names);
      for (const stretch of stretchesOf(sentence)) {
        const around = carried(aroundOf(stretch, sentence), before);
        // What follows a semicolon may speak of something else, unless the part before it named nothing either.
        const isEnd = tokens.at(-1)?.text === ';' && stretch.at(-1) === tokens.at(-1);
        if (isEnd && sentence.things.length > 0) before = undefined;
        else before = around;
        this.stretches.push(around);
        if (isStored) continue;
        for (const [index, { numeral }] of stretch.entries()) {
          const whole = stretch[index + 1]?.lower === 'of' ? stretch[index + 2]?.numeral?.value : undefined;
          if (numeral !== undefined && whole !== undefined && whole > 0)
            this.shares.push({ share: numeral.value / whole, around });
        }
        for (const token of stretch) {
          const { numeral, duration, moment } = token;
          const at = sentence.tokens.indexOf(token);
          const noun = numeral === undefined ? undefined : nounAfter(sentence, at)?.unit;
          const status = STATUS_WORDS.get(sentence.tokens[at + 1]?.lower.replaceAll('`', '') ?? '');
          if (moment !== undefined) this.times.addNames(moment.parts);
          const common = { around, finding, near: wordsNear(sentence.tokens, at) };
          if (numeral !== undefined)
            this.texts.push({
              value: numeral.value,
              isPercent: numeral.unit === 'percent',
              isDuration: false,
              noun,
              status,
              ...common,
            });
          const [owner] = around.owners;
          const told =
            moment === undefined ? Number.NaN : Date.parse(moment.text.replace(' ', 'T').replace(/(?:\s?UTC)?$/, 'Z'));
          if (Number.isFinite(told)) this.moments.push(told);
          if (finding !== undefined && owner !== undefined && around.owners.size === 1) {
            if (duration !== undefined) this.facts.addSaid(finding, owner, 'duration', duration.ms, 'duration');
            const time =
              moment === undefined
                ? Number.NaN
                : Date.parse(moment.text.replace(' ', 'T').replace(/(?:\s?UTC)?$/, 'Z'));
            if (Number.isFinite(time) && around.words.has('started'))
              this.facts.addSaid(finding, owner, 'start_time', time, 'time');
          }
          if (duration !== undefined)
            this.texts.push({ value: duration.ms, isPercent: false, isDuration: true, ...common });
        }
      }
    }
  }
}

export const collectEvidence = (sources: EvidenceSources): Evidence => new Evidence(sources);

const textsOf = ({ title, summary, method, caveats, coverage, data }: Finding): string[] =>
  [
    summary,
    title,
    method,
    ...data.tables.flatMap(({ columns }) => columns.map(({ label }) => label)),
    ...caveats.map(({ text }) => text),
    coverage.filter === undefined ? '' : `\`${coverage.filter}\` ${coverage.filter}`,
  ].filter((text) => text !== '');
