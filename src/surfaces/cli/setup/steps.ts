/** The three questions of setup, each tried as it is answered; a failure is asked again, or skipped. */
import { ModelError } from '../../../agent/models/model.ts';
import type { Config } from '../../../config/config.ts';
import { Secret } from '../../../config/secret.ts';
import { countOf } from '../../../finding/format.ts';
import { createMask, maskUri } from '../../../mask.ts';
import { StoreError } from '../../../mlflow/errors.ts';
import { ToolError } from '../../../tools/define/errors.ts';
import { findExperiment } from '../../../tools/resolve/scope.ts';
import { toAbsoluteUri } from '../../shared/absolute-uri.ts';
import { endSentence } from '../../shared/faults.ts';
import * as copy from './copy.ts';
import type { SetupEffects, StoreView } from './effects.ts';
import type { Prompter } from './prompter.ts';
import type { ConfigChanges } from './write-config.ts';

/** Draws what steps say; text from a store or a server is made safe by it. */
export interface Voice {
  title(text: string): void;
  good(text: string): void;
  bad(text: string): void;
  note(text: string): void;
  /** A question to ask next. */
  next(question: string): void;
  /** What stands before the cursor. */
  prompt(text: string): string;
}

export interface StepTools {
  readonly prompter: Prompter;
  readonly voice: Voice;
  readonly effects: SetupEffects;
}

/** A step's outcome: what to write, and what later steps need of it. */
interface Outcome<T> {
  readonly changes: ConfigChanges;
  readonly found?: T;
}

interface Question<T> {
  readonly title: string;
  /** In brackets: what Enter keeps. */
  readonly inForce: string;
  readonly isSecret?: boolean;
  /** The mend of a fault, as far as the person can see it here. @throws StoreError, ModelError or ToolError */
  attempt(answer: string): Promise<Outcome<T>>;
  readonly clear: ConfigChanges;
}

export function askStore(config: Config, tools: StepTools): Promise<Outcome<StoreView>> {
  const { effects, voice, prompter } = tools;
  const { uri, source } = config.store;
  return askUntilRight(tools, {
    title: copy.STORE_TITLE,
    inForce: source === 'demo' ? 'the bundled demo' : maskUri(uri),
    clear: { tracking_uri: null },
    async attempt(answer) {
      // What a flag says is meant to be kept; what a variable says stays the variable's.
      const isNew = answer !== '' || source === 'flag';
      const chosen = isNew ? toAbsoluteUri(answer || uri, process.cwd()) : uri;
      voice.note(copy.OPENING_STORE);
      const found = await effects.openStore(chosen, prompter.signal);
      const runs = [...found.runs.values()].reduce((sum, count) => sum + count, 0);
      const active = found.experiments.filter(({ lifecycle }) => lifecycle === 'active').length;
      voice.good(`${found.place}: ${countOf(active, 'experiment')}, ${countOf(runs, 'run')}`);
      return { changes: isNew ? { tracking_uri: chosen } : {}, found };
    },
  });
}

export function askKey({ anthropic, settings }: Config, tools: StepTools): Promise<Outcome<never>> {
  const { effects, voice, prompter } = tools;
  const { value, madeBy } = settings.anthropic_api_key;
  return askUntilRight(tools, {
    title: copy.KEY_TITLE,
    inForce: value === undefined ? 'none' : `*** from ${madeBy}`,
    isSecret: true,
    clear: { anthropic_api_key: null },
    async attempt(answer) {
      const key = answer === '' ? anthropic.key : new Secret(answer);
      if (key === undefined && anthropic.baseUrl === undefined) {
        voice.good(copy.KEEPS_NO_KEY);
        return { changes: {} };
      }
      voice.note(copy.TRYING_KEY);
      voice.good(`${await tryKey(effects, key, prompter.signal)} answers`);
      // A key belongs to the server that it was tried with.
      return {
        changes: answer === '' ? {} : { anthropic_api_key: answer, anthropic_base_url: anthropic.baseUrl ?? null },
      };
    },
  });
}

/** A server may quote the key that it refuses. */
async function tryKey(effects: SetupEffects, key: Secret | undefined, signal: AbortSignal): Promise<string> {
  try {
    return await effects.tryClaude(key, signal);
  } catch (error) {
    if (!(error instanceof ModelError) || key === undefined) throw error;
    const mask = createMask([key.reveal()]);
    throw new ModelError(error.code, mask(error.message), error.hint === undefined ? {} : { hint: mask(error.hint) });
  }
}

export async function askExperiment(
  { defaultExperiment, settings }: Config,
  store: StoreView | undefined,
  tools: StepTools,
): Promise<Outcome<never>> {
  const { voice } = tools;
  if (store === undefined) {
    voice.title(copy.EXPERIMENT_TITLE);
    voice.note(copy.NO_STORE_FOR_EXPERIMENT);
    return { changes: {} };
  }
  const active = store.experiments.filter(({ lifecycle }) => lifecycle === 'active');
  return askUntilRight(tools, {
    title: copy.EXPERIMENT_TITLE,
    inForce: defaultExperiment ?? 'none',
    clear: { experiment: null },
    async attempt(answer) {
      const asked = answer === '' ? defaultExperiment : answer;
      if (asked === undefined) {
        voice.good(copy.KEEPS_NO_EXPERIMENT);
        return { changes: {} };
      }
      const { id, name } = findExperiment(asked, active, store.experiments);
      voice.good(`${name} (id ${id}): ${countOf(store.runs.get(id) ?? 0, 'run')}`);
      const isNew = answer !== '' || settings.experiment.source === 'flag';
      return { changes: isNew ? { experiment: asked === id ? id : name } : {} };
    },
  });
}

async function askUntilRight<T>(tools: StepTools, question: Question<T>): Promise<Outcome<T>> {
  const { prompter, voice } = tools;
  voice.title(question.title);
  for (let hasFailed = false; ; hasFailed = true) {
    const prompt = voice.prompt(`${hasFailed ? `${copy.AGAIN_OR_SKIP} ` : ''}[${question.inForce}]`);
    const answer = await (question.isSecret === true ? prompter.askSecret(prompt) : prompter.ask(prompt, maskUri));
    if (hasFailed && answer.toLowerCase() === copy.SKIP) {
      voice.note(copy.LEFT);
      return { changes: {} };
    }
    if (answer === copy.CLEAR) {
      voice.note(copy.CLEARED);
      return { changes: question.clear };
    }
    try {
      return await question.attempt(answer);
    } catch (error) {
      prompter.signal.throwIfAborted();
      if (!(error instanceof StoreError || error instanceof ModelError || error instanceof ToolError)) throw error;
      voice.bad(error.hint === undefined ? error.message : `${endSentence(error.message)} ${error.hint}`);
    }
  }
}
