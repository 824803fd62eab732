/** Kinds of questions: what triggers each, which slots it can use, and the queries that answer it. */
import type { Query } from '../../../query/query.ts';
import { isOfAnyKind, type Mark, type Noun } from '../meanings.ts';
import { markNames, type Obstacle, type Reading, type Slots } from '../slots.ts';

export type Plan =
  | {
      readonly kind: 'queries';
      readonly queries: readonly Query[];
      /** Said with the answer. */
      readonly note?: string | undefined;
      /** What is asked instead where the queries found nothing. */
      readonly instead?: readonly Query[] | undefined;
    }
  /** A refusal; the queries only add what is known. */
  | {
      readonly kind: 'refuse';
      readonly text: string;
      /** Stands before what the queries found, if they found anything. */
      readonly lead?: string | undefined;
      readonly queries: readonly Query[];
    };

/** One kind of question. */
export interface QuestionKind {
  readonly name: string;
  /** What it answers, for people. */
  readonly answers: string;
  readonly examples: readonly string[];
  fits(reading: Reading): boolean;
  plan(reading: Reading): Plan;
}

/** A kind that is answered: it has to use everything that the question holds. */
export interface Frame extends QuestionKind {
  /** What else the question may contain; anything more belongs to another frame. */
  readonly marks: readonly Mark[];
  readonly nouns: readonly Noun[];
  /** Whether it takes the noun of any other kind of thing beside them. */
  readonly anyKind?: true;
  readonly slots: readonly (keyof Slots)[];
  /** Whether it can look at several experiments together. */
  readonly takesExperiments?: 'several';
  /** Obstacles that it can do without settling. */
  readonly overcomes?: readonly Obstacle['kind'][];
}

export function isFilled(slots: Slots, slot: keyof Slots): boolean {
  const value = slots[slot];
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
}

/** Whether a frame accounts for everything that a reading holds. */
export function accountsFor(frame: Frame, { slots, marks, nouns }: Reading): boolean {
  const filled = (Object.keys(slots) as (keyof Slots)[]).filter((slot) => isFilled(slots, slot));
  return (
    filled.every((slot) => frame.slots.includes(slot)) &&
    (slots.experiments.length < 2 || frame.takesExperiments === 'several') &&
    markNames(marks).every((mark) => frame.marks.includes(mark)) &&
    nouns.every((noun) => frame.nouns.includes(noun) || (frame.anyKind === true && isOfAnyKind(noun)))
  );
}

export function asking(...queries: readonly Query[]): Plan {
  return { kind: 'queries', queries };
}
