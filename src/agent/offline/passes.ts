/** Passes that settle what neighbours decide: brackets, scope, nouns beside names, run references. */

import { quoteInQuestion } from '../../finding/quote.ts';
import { idReference, runNameReference } from '../../query/reference.ts';
import { nearestNames, nearMisses } from '../../tools/resolve/names.ts';
import type { KnownExperiment } from '../../tools/resolve/vocabulary.ts';
import { firstSense } from './lexicon.ts';
import { isGlue, isKind, type Meaning, type Segment } from './meanings.ts';
import { isOfId } from './names.ts';
import { addNoun, type ReadingDraft, spanOf } from './slots.ts';
import { normalize } from './tokens.ts';

/** A key in brackets stands for the word before them: "error (rmse)", "trees (n_estimators)". */
export function absorbBrackets(draft: ReadingDraft): void {
  const { segments } = draft;
  const out: Segment[] = [];
  for (let at = 0; at < segments.length; at++) {
    const [open, inner, close] = segments.slice(at, at + 3);
    if (isGlue(open, '(') && isKind(inner, 'key') && isGlue(close, ')')) {
      const before = out.at(-1);
      if (
        before &&
        (isKind(before, 'unknown') || isKind(before, 'noun') || (isKind(before, 'key') && !before.meaning.exact))
      )
        out.pop();
      out.push(inner);
      at += 2;
    } else if (open) out.push(open);
  }
  draft.segments = settleOverrides(out);
}

/** `(metric: "f1_score")` after a question is how a choice is answered: it stands in for what was vague. */
function settleOverrides(segments: readonly Segment[]): Segment[] {
  const at = segments.findIndex(
    (segment, i) =>
      isGlue(segment, '(') &&
      isKind(segments[i + 1], 'noun') &&
      isGlue(segments[i + 2], ':') &&
      isGlue(segments[i + 4], ')'),
  );
  const answer = segments[at + 3];
  if (at < 0 || !answer) return [...segments];
  const others = [...segments.slice(0, at), ...segments.slice(at + 5)];
  if (!others.some((segment) => isVagueTwin(segment, answer))) return [...others, answer];
  return others.map((segment) =>
    isVagueTwin(segment, answer) ? { ...answer, start: segment.start, end: segment.end } : segment,
  );
}

function isVagueTwin(segment: Segment, answer: Segment): boolean {
  if (isKind(segment, 'key') && isKind(answer, 'key')) {
    const { name, exact } = segment.meaning;
    return !exact && nearMisses(name, [{ key: answer.meaning.name, runs: 1 }]).length > 0;
  }
  if (isKind(segment, 'experiment') && isKind(answer, 'experiment'))
    return (
      !segment.meaning.exact || segment.meaning.options.length > 1 || (/^\d+$/u.test(segment.text) && !segment.quoted)
    );
  if (!isKind(segment, 'run') || !isKind(answer, 'run')) return false;
  const meant = answer.meaning.options[0];
  return segment.meaning.options.some((option) => option.id === meant?.id);
}

/** Which experiments are meant: full names, parts of one name, ids; a part of several names has to be asked about. */
export function readScope(draft: ReadingDraft): void {
  const { segments } = draft;
  const out: Segment[] = [];
  for (let at = 0; at < segments.length; ) {
    const length = readExperiment(draft, at, out);
    if (length === 0) out.push(segments[at] as Segment);
    at += Math.max(length, 1);
  }
  draft.segments = out;
}

/** Reads one mention of an experiment at `at`; returns the segments it took. */
function readExperiment(draft: ReadingDraft, at: number, before: Segment[]): number {
  const { segments } = draft;
  const segment = segments[at];
  if (isKind(segment, 'noun') && segment.meaning.noun === 'experiment') {
    const number = segments[at + 1];
    if (!isKind(number, 'number') || !/^\d+$/u.test(number.meaning.text)) return 0;
    settle(draft, number.text, calledOrOfId(number.meaning.text, draft));
    return 2;
  }
  const isScoped = isGlue(before.at(-1), 'in') || isExperimentNoun(before.at(-1)) || isExperimentNoun(segments[at + 1]);
  if (
    isKind(segment, 'unknown') &&
    isScoped &&
    (segment.meaning.quoted || /[-_\d]/u.test(segment.text) || isExperimentNoun(before.at(-1)))
  ) {
    takeNoun(draft, before, segments[at + 1]);
    settle(draft, segment.text, []);
    return isExperimentNoun(segments[at + 1]) ? 2 : 1;
  }
  if (!isKind(segment, 'experiment')) return 0;
  const length = segment.meaning.exact ? 1 : partialLength(segments, at);
  const group = segments.slice(at, at + length);
  const known = group.every((one) => isKind(one, 'experiment')) ? segment.meaning.options : [];
  const text = group.map((one) => one.text).join(' ');
  // "experiment 1" may be the one of this id or the one of this name.
  const mayBeId = isExperimentNoun(before.at(-1)) && !segment.quoted && /^\d+$/u.test(text);
  const options = mayBeId ? calledOrOfId(text, draft) : known;
  const after = segments[at + length];
  takeNoun(draft, before, after);
  settle(draft, text, options);
  return length + (isExperimentNoun(after) ? 1 : 0);
}

function calledOrOfId(text: string, { names }: ReadingDraft): KnownExperiment[] {
  return names.experiments.filter(({ id, name, deleted }) => !deleted && (id === text || name === text));
}

/** A part of a name together with the unknown words of a name beside it: "MINLP Tweaking Large". */
function partialLength(segments: readonly Segment[], at: number): number {
  let length = 1;
  for (; ; length++) {
    const next = segments[at + length];
    const isNamePart = isKind(next, 'unknown') && !next.meaning.quoted && /^\p{Lu}|\d/u.test(next.text);
    if (!isNamePart) return length;
  }
}

/** "the Default experiment" is about one experiment; "experiments for churn" still asks for a list. */
function takeNoun(draft: ReadingDraft, before: Segment[], after: Segment | undefined): void {
  const last = before.at(-1);
  const colon = isGlue(last, ':') ? before.at(-2) : last;
  for (const noun of [colon, after]) {
    if (!isExperimentNoun(noun)) continue;
    if (noun?.norm.endsWith('s')) addNoun(draft, 'experiment');
    if (noun === colon) before.splice(before.lastIndexOf(noun as Segment));
  }
}

function isExperimentNoun(segment: Segment | undefined): boolean {
  return isKind(segment, 'noun') && segment.meaning.noun === 'experiment';
}

function settle(draft: ReadingDraft, text: string, options: readonly KnownExperiment[]): void {
  const [only] = options;
  if (only?.deleted && options.length === 1) {
    draft.obstacle ??= { kind: 'deleted-experiment', name: only.name };
    return;
  }
  if (only && options.length === 1) {
    if (!draft.slots.experiments.some((known) => known.id === only.id)) draft.slots.experiments.push(only);
    return;
  }
  draft.obstacle ??=
    options.length > 1
      ? { kind: 'which-experiment', text, options }
      : { kind: 'no-experiment', text, nearest: nearestExperiments(draft, text) };
}

function nearestExperiments(draft: ReadingDraft, text: string): string[] {
  const active = draft.names.experiments
    .filter((experiment) => !experiment.deleted)
    .map((experiment) => experiment.name);
  const near = nearestNames(text, active, 5);
  return near.length > 0 ? near : active.slice(0, 8);
}

/**
 * "best score" may be the metric `best_score`: then it is also the best of it that is asked for. Where `score` is a
 * metric too, only the person can tell.
 */
export function splitSuperlatives(draft: ReadingDraft): void {
  draft.segments = draft.segments.flatMap((segment) => {
    const [first = '', ...others] = segment.norm.split(' ');
    const superlative = firstSense(draft.names.lexicon, first)?.meaning;
    if (!isKind(segment, 'key') || superlative?.kind !== 'superlative' || others.length === 0) return [segment];
    const { name, kinds } = segment.meaning;
    if (normalize(name) === segment.norm || !kinds.every((kind) => kind === 'metric')) return [segment];
    const rest = others.join(' ');
    const other = draft.names.match(rest).find(({ meaning }) => meaning.kind === 'key' && meaning.exact)?.meaning;
    if (other?.kind === 'key')
      draft.obstacle ??= {
        kind: 'which-name',
        at: spanOf(segment),
        texts: [name, other.name].map((one) => `${first} ${quoteInQuestion(one)}`),
      };
    return [{ ...segment, meaning: superlative, norm: first }, segment];
  });
}

/** "p95 error_rate" is a percentile of it, though `p95` alone is a part of other metrics' names. */
export function readPercentiles(draft: ReadingDraft): void {
  const { segments } = draft;
  draft.segments = segments.map((segment, at) => {
    const statistic = firstSense(draft.names.lexicon, `${segment.norm} of`)?.meaning;
    const after = segments[at + 1];
    const isOfMetric = isKind(after, 'key') && after.meaning.kinds.includes('metric');
    const isOpen = isKind(segment, 'unknown') || (isKind(segment, 'key') && !segment.meaning.exact);
    return isOpen && isOfMetric && statistic?.kind === 'statistic' ? { ...segment, meaning: statistic } : segment;
  });
}

/** "the maximum of accuracy" is the highest, though "a maximum of 0.9" is a bound. */
export function readExtremes(draft: ReadingDraft): void {
  const { segments } = draft;
  draft.segments = segments.map((segment, at) => {
    const [, word = ''] = /^(maximum|minimum) of$/u.exec(segment.norm) ?? [];
    const extreme = firstSense(draft.names.lexicon, word)?.meaning;
    return extreme !== undefined && isKind(segments[at + 1], 'key') ? { ...segment, meaning: extreme } : segment;
  });
}

/** "the difference between experiments and runs" asks what the words mean, not for any run. */
export function readConcepts(draft: ReadingDraft): void {
  const { segments, marks } = draft;
  const [differ, between, first, and, second, ...rest] = segments.filter((segment) => !isGlue(segment, 'which'));
  const isConcept =
    isKind(differ, 'mark') &&
    differ.meaning.mark === 'differ' &&
    isGlue(between, 'between') &&
    isKind(first, 'noun') &&
    isGlue(and, 'and') &&
    isKind(second, 'noun') &&
    first.meaning.noun !== second.meaning.noun &&
    rest.length === 0;
  if (isConcept) marks.howto = differ.norm;
}

const KEY_NOUNS = ['metric', 'param', 'tag'] as const;

/** "tag stage" is the tag, whatever else is called so; a param and a tag of one name only the person can tell apart. */
function narrowKeys(draft: ReadingDraft): void {
  const { segments } = draft;
  draft.segments = segments.map((segment, at) => {
    if (!isKind(segment, 'key')) return segment;
    const before = segments[isGlue(segments[at - 1], ':') ? at - 2 : at - 1];
    const { kinds, name, exact } = segment.meaning;
    const noun = KEY_NOUNS.find((one) => isKind(before, 'noun') && before.meaning.noun === one && kinds.includes(one));
    if (noun !== undefined) return { ...segment, meaning: { ...segment.meaning, kinds: [noun] } };
    const isBoth = exact && !kinds.includes('metric') && kinds.includes('param') && kinds.includes('tag');
    if (isBoth)
      draft.obstacle ??= {
        kind: 'which-name',
        at: spanOf(segment),
        texts: ['param', 'tag'].map((one) => `${one} ${quoteInQuestion(name)}`),
      };
    return segment;
  });
}

/** Generic nouns that only say what kind of name stands beside them. */
export function absorbNouns(draft: ReadingDraft): void {
  narrowKeys(draft);
  const { segments } = draft;
  draft.segments = segments.filter((segment, at) => {
    if (!isKind(segment, 'noun')) return true;
    const { noun } = segment.meaning;
    const near = [
      segments[at - 1],
      segments[at + 1],
      isGlue(segments[at + 1], ':') || isKind(segments[at + 1], 'comparator') ? segments[at + 2] : undefined,
    ];
    if (noun === 'status') return isKind(segments[at + 1], 'comparator') || !near.some((one) => isKind(one, 'status'));
    if (noun === 'value') return !near.some((one) => isKind(one, 'key'));
    if (noun !== 'metric' && noun !== 'param' && noun !== 'tag') return true;
    return !near.some((one) => isKind(one, 'key') && one.meaning.kinds.includes(noun) && one.meaning.exact);
  });
}

/** Runs by name or id, "run 17", "runs 15 and 16"; something that looks like a run's name is passed on as one. */
export function readRunNames(draft: ReadingDraft): void {
  const { segments, slots } = draft;
  const out: Segment[] = [];
  let isListing = false;
  for (const [at, segment] of segments.entries()) {
    const before = segments[at - 1];
    const ref = runRef(segment, before, isListing && isJoint(before), isRunCount(segments, at));
    if (ref === undefined || isOfKey(segments, at)) {
      if (!isJoint(segment)) isListing = isRunNoun(segment);
      out.push(segment);
      continue;
    }
    if (isGlue(out.at(-1), 'or') && slots.runs.length > 0) out.pop();
    if (isRunNoun(out.at(-1))) out.pop();
    slots.runs.push(ref);
    isListing = true;
  }
  slots.runs = [...new Set(slots.runs)];
  draft.segments = out;
}

/** "top1x accuracy of run 17": an unknown word before a key, where the run is named elsewhere, speaks of the key. */
function isOfKey(segments: readonly Segment[], at: number): boolean {
  const segment = segments[at];
  const isNamedElsewhere = segments.some(
    (other, i) => (isKind(other, 'run') || (isKind(other, 'number') && isRunNoun(segments[i - 1]))) && i !== at,
  );
  return isKind(segment, 'unknown') && !segment.meaning.quoted && isKind(segments[at + 1], 'key') && isNamedElsewhere;
}

function runRef(
  segment: Segment,
  before: Segment | undefined,
  isListed: boolean,
  isCount: boolean,
): string | undefined {
  if (isKind(segment, 'run')) return runReference(segment);
  const isNamed = isRunNoun(before) && !before?.norm.includes(' ');
  if (isKind(segment, 'number')) {
    const isOrdinal = Number.isInteger(segment.meaning.value) && segment.meaning.unit === undefined;
    return isOrdinal && !isCount && (isNamed || isListed) ? segment.meaning.text : undefined;
  }
  if (!isKind(segment, 'unknown')) return undefined;
  const numbered = /^(?:run|trial)?[-_]?#?0*(\d+)$/iu.exec(segment.text);
  if (numbered) return numbered[1];
  const looksNamed =
    /\d/u.test(segment.text) && /\p{L}/u.test(segment.text) && !/^\d+(?:st|nd|rd|th|%)$/u.test(segment.norm);
  const isName = segment.meaning.quoted || /[-_\p{Lu}]/u.test(segment.text);
  return looksNamed || (isNamed && before?.norm === 'run' && isName) ? segment.text : undefined;
}

/** A name as a name, an id as an id; bare where it may be either, which is asked back. */
function runReference({ meaning, text, quoted }: Segment & { meaning: Extract<Meaning, { kind: 'run' }> }): string {
  const { options, isId } = meaning;
  if (isId) return idReference(text.toLowerCase());
  const [ofId, ...more] = options.filter((run) => isOfId(run, text.toLowerCase()));
  const isName = options.some(({ name }) => normalize(name) === normalize(text));
  if (isName) return ofId === undefined || quoted ? runNameReference(text) : text;
  return ofId !== undefined && more.length === 0 ? idReference(ofId.id) : text;
}

/** In "the best run 3 times" nothing is a reference; a number before "runs" counts them. */
function isRunCount(segments: readonly Segment[], at: number): boolean {
  const after = segments[at + 1];
  return isRunNoun(after) || isKind(after, 'superlative');
}

function isRunNoun(segment: Segment | undefined): boolean {
  return isKind(segment, 'noun') && segment.meaning.noun === 'run';
}

function isJoint(segment: Segment | undefined): boolean {
  return isGlue(segment, 'and', 'or', ',', '(', ':') || (isKind(segment, 'mark') && segment.meaning.mark === 'compare');
}
