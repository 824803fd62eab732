/** The one thing that is ever written: a new experiment, through a tracking server. Loaded only where writes are allowed. */
import { createHash } from 'node:crypto';
import { StoreError } from './errors.ts';
import type { StoreOptions } from './open-store.ts';
import { findProxy } from './proxied.ts';
import { objectAt } from './rest/decode.ts';
import type { JsonObject } from './rest/read-json.ts';
import { Transport, WRITES } from './rest/transport.ts';

export interface NewExperiment {
  readonly name: string;
  /** Markdown; kept as MLflow keeps descriptions. */
  readonly description?: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

export interface CreatedExperiment {
  readonly id: string;
  readonly name: string;
}

export interface ExperimentWriter {
  /**
   * @param key of whoever asks, whose repetition is the same request: it makes nothing more, and gets the same answer
   * @throws StoreError `already_exists`, `key_reused` where the key came with something else, `may_be_written`
   */
  create(wanted: NewExperiment, key: string | undefined, signal: AbortSignal): Promise<CreatedExperiment>;
  close(): Promise<void>;
}

/** MLflow's own, and those of its database. */
const LONGEST = { name: 500, key: 250, value: 5_000 } as const;
const DESCRIPTION_TAG = 'mlflow.note.content';
/** Tells what we made from what somebody else did, in whatever process: a digest of the key, and one of what was asked. */
const REQUEST_TAG = 'runsight.request';

/** @throws StoreError where the address is none of a tracking server */
export async function openExperimentWriter(uri: string, options: StoreOptions): Promise<ExperimentWriter> {
  if (!/^https?:/i.test(uri))
    throw new StoreError('unsupported_source', 'experiments are created through a tracking server, and this is none', {
      hint: 'Start one with "mlflow server" over the same store, and name its address: http://127.0.0.1:5000.',
    });
  return new RestWriter(new Transport(uri, { ...options, route: await findProxy(uri, options) }));
}

class RestWriter implements ExperimentWriter {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async create(wanted: NewExperiment, key: string | undefined, signal: AbortSignal): Promise<CreatedExperiment> {
    checkExperiment(wanted);
    const request = key === undefined ? undefined : { key: digest(key), body: digest(JSON.stringify(wanted)) };
    const before = request && (await this.#findRequest(request.key, signal));
    if (before !== undefined) return this.#sameOrRefuse(before, `${request?.key}.${request?.body}`);
    // Without a key, one of its own tells whether a request that broke came through.
    const mark = request === undefined ? digest(crypto.randomUUID()) : `${request.key}.${request.body}`;
    try {
      const answer = await this.#transport.write(WRITES.createExperiment, bodyOf(wanted, mark), signal);
      return { id: String(answer.experiment_id), name: wanted.name };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof StoreError)) throw error;
      return this.#settle(error, wanted.name, mark);
    }
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  /** What is there under the name says whether it was made, by us or by somebody else. */
  async #settle(error: StoreError, name: string, mark: string): Promise<CreatedExperiment> {
    const isLost =
      error.code === 'source_timeout' || error.code === 'source_unreachable' || error.code === 'server_error';
    if (!isLost && error.code !== 'request_refused') throw error;
    const there = await this.#findByName(name).catch((failed: unknown) => {
      if (isLost)
        throw new StoreError('may_be_written', `no answer came, and "${name}" may have been created`, {
          hint: 'Look whether it is there before you try again.',
          cause: failed,
        });
      throw error;
    });
    if (there?.mark === mark) return { id: there.id, name: there.name };
    if (there === undefined) throw error;
    throw new StoreError(
      'already_exists',
      `there is an experiment "${name}" already${there.isDeleted ? ', which was deleted' : ''}`,
      {
        hint: there.isDeleted
          ? `Restore it with "mlflow experiments restore -x ${there.id}", or choose another name.`
          : `Its id is ${there.id}.`,
      },
    );
  }

  #sameOrRefuse(before: Found, mark: string): CreatedExperiment {
    if (before.mark === mark) return { id: before.id, name: before.name };
    throw new StoreError(
      'key_reused',
      `this key made the experiment "${before.name}", and now something else is asked for`,
      {
        hint: 'Send a new Idempotency-Key for a new experiment.',
      },
    );
  }

  async #findRequest(key: string, signal: AbortSignal): Promise<Found | undefined> {
    const filter = `tags.\`${REQUEST_TAG}\` LIKE '${key}.%'`;
    const answer = await this.#transport.request(
      'searchExperiments',
      { filter, max_results: 1, view_type: 'ALL' },
      signal,
    );
    const [first] = Array.isArray(answer.experiments) ? answer.experiments : [];
    return first === undefined ? undefined : toFound(first as JsonObject);
  }

  async #findByName(name: string): Promise<Found | undefined> {
    const signal = AbortSignal.timeout(LOOK_MS);
    try {
      const answer = await this.#transport.request('getExperimentByName', { experiment_name: name }, signal);
      return toFound(objectAt(answer, 'experiment'));
    } catch (error) {
      if (error instanceof StoreError && error.code === 'not_found') return undefined;
      throw error;
    }
  }
}

const LOOK_MS = 10_000;

interface Found extends CreatedExperiment {
  readonly mark: string | undefined;
  readonly isDeleted: boolean;
}

function toFound(experiment: JsonObject): Found {
  const tags = (Array.isArray(experiment.tags) ? experiment.tags : []) as { key?: unknown; value?: unknown }[];
  const mark = tags.find(({ key }) => key === REQUEST_TAG)?.value;
  return {
    id: String(experiment.experiment_id),
    name: String(experiment.name),
    mark: typeof mark === 'string' ? mark : undefined,
    isDeleted: experiment.lifecycle_stage === 'deleted',
  };
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 40);

function bodyOf({ name, description, tags }: NewExperiment, mark: string): JsonObject {
  const all = { ...tags, ...(description !== undefined && { [DESCRIPTION_TAG]: description }), [REQUEST_TAG]: mark };
  return { name, tags: Object.entries(all).map(([key, value]) => ({ key, value })) };
}

/** What a server would take and read otherwise, or refuse in words of a database. @throws StoreError */
export function checkExperiment({ name, description = '', tags }: NewExperiment): void {
  const refuse = (what: string, hint: string): never => {
    throw new StoreError('invalid_request', what, { hint });
  };
  const readable = /^[^\p{Cc}\p{Cs}]*$/u;
  if (name.trim() === '' || name !== name.trim() || !readable.test(name) || name.length > LONGEST.name)
    refuse(
      'the name is no name of an experiment',
      `Up to ${LONGEST.name} visible characters, without spaces around it.`,
    );
  if (description.length > LONGEST.value)
    refuse(`the description has ${description.length} characters`, `At most ${LONGEST.value}.`);
  for (const [key, value] of Object.entries(tags)) {
    if (/^mlflow\.|^runsight\./.test(key)) refuse(`tag "${key}" is not for people to set`, 'Leave it out.');
    if (!/^[\w.\-/: ]+$/u.test(key) || key.length > LONGEST.key)
      refuse(`"${key}" is no key of a tag`, `Letters, digits, _ - . / : and spaces, up to ${LONGEST.key}.`);
    if (value.length > LONGEST.value)
      refuse(`tag "${key}" has ${value.length} characters`, `At most ${LONGEST.value}.`);
  }
}
