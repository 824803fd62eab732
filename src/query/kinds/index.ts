/** The kinds of things that can be asked about. */
import { EXPERIMENT } from './experiment.ts';
import type { Kind } from './kind.ts';
import { RUN } from './run.ts';

export const KINDS: readonly Kind[] = [RUN, EXPERIMENT];
