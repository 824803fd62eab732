/** Kinds of questions: what triggers each, which slots it can use, and the tool calls that answer it. */
import type { Mark, Noun } from '../meanings.ts';
import { markNames, type Obstacle, type Reading, type Slots } from '../slots.ts';

export interface PlannedCall {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** A call whose run or runs are those that the first call found. */
export interface ChainedCall extends PlannedCall {
  /** `among`: the runs bound the call's own filter. */
  readonly fill: 'run' | 'runs' | 'among';
  /** The first so many runs, or those that tie for first. */
  readonly runs: number | 'ties';
  /** Fewer are not asked about: one run is no comparison. */
  readonly least?: number | undefined;
}

export type Plan =
  | {
      readonly kind: 'calls';
      readonly calls: readonly PlannedCall[];
      readonly chain?: ChainedCall | undefined;
      /** Said with the answer. */
      readonly note?: string | undefined;
      /** What is asked instead where the calls found nothing. */
      readonly instead?: readonly PlannedCall[] | undefined;
    }
  /** A refusal; the calls only add what is known. */
  | {
      readonly kind: 'refuse';
      readonly text: string;
      /** Stands before what the calls found, if they found anything. */
      readonly lead?: string | undefined;
      readonly calls: readonly PlannedCall[];
      readonly followUps?: readonly string[];
    };

/** One kind of question. */
export interface Kind {
  readonly name: string;
  /** What it answers, for people. */
  readonly answers: string;
  readonly examples: readonly string[];
  fits(reading: Reading): boolean;
  plan(reading: Reading): Plan;
}

/** A kind that is answered: it has to use everything that the question holds. */
export interface Frame extends Kind {
  /** What else the question may contain; anything more belongs to another frame. */
  readonly marks: readonly Mark[];
  readonly nouns: readonly Noun[];
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
    nouns.every((noun) => frame.nouns.includes(noun))
  );
}

export function calls(...planned: readonly PlannedCall[]): Plan {
  return { kind: 'calls', calls: planned };
}
