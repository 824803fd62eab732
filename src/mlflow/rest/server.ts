/** One MLflow server: what it is asked, and which release it is where that explains something. */
import { StoreError } from '../errors.ts';
import { isEndpointMissing } from './http-errors.ts';
import type { JsonObject } from './read-json.ts';
import { ENDPOINTS, type Endpoint, type Transport } from './transport.ts';

const VERSION = /^\d+\.\d+[\w.+-]{0,30}$/;

export class Server {
  readonly #transport: Transport;
  #version: string | undefined;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  get location(): string {
    return this.#transport.location;
  }

  /** Throws StoreError, or the signal's reason. An endpoint that is missing is said with the server's release. */
  async request(endpoint: Endpoint, fields: JsonObject, signal: AbortSignal, list?: string): Promise<JsonObject> {
    try {
      return await this.#transport.request(endpoint, fields, signal, list);
    } catch (error) {
      if (!isEndpointMissing(error)) throw error;
      const version = await this.readVersion(signal);
      throw version === undefined ? error : this.#toMissingError(endpoint, version, error);
    }
  }

  /** What was learnt so far. */
  get version(): string | undefined {
    return this.#version;
  }

  /** Asks where nobody did yet. Undefined where the server does not say: faults are left to the requests that matter. */
  async readVersion(signal: AbortSignal): Promise<string | undefined> {
    this.#version ??= await this.#askVersion(signal);
    return this.#version;
  }

  async #askVersion(signal: AbortSignal): Promise<string | undefined> {
    const text = await orUndefined(this.#transport.requestText('version', signal));
    if (text !== undefined && VERSION.test(text.trim())) return text.trim();
    // A proxy may let only the API through; this part of it came with 3.10.
    const info = await orUndefined(this.#transport.request('serverInfo', {}, signal));
    return info !== undefined && 'store_type' in info ? '3.10 or later' : undefined;
  }

  /** Not found is no fault: releases before 3.10 have none. @throws StoreError */
  async hasWorkspaces(): Promise<boolean> {
    try {
      const info = await this.#transport.request('serverInfo', {}, new AbortController().signal);
      return info.workspaces_enabled === true;
    } catch (error) {
      if (isEndpointMissing(error)) return false;
      throw error;
    }
  }

  #toMissingError(endpoint: Endpoint, version: string, cause: StoreError): StoreError {
    const missing = ENDPOINTS[endpoint].path.replace(/^.*?\/mlflow\//, '');
    // Every release from 2.0 on has all that is asked for.
    const [message, hint] = /^[01]\./.test(version)
      ? [`which has no ${missing}`, 'Update it to MLflow 2.0 or later, or read its database directly.']
      : [`but ${missing} is missing`, 'A proxy before it may not let that path or method through.'];
    return new StoreError('unsupported_source', `the server at ${this.location} is MLflow ${version}, ${message}`, {
      hint,
      cause,
    });
  }

  close(): Promise<void> {
    return this.#transport.close();
  }
}

async function orUndefined<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof StoreError) return undefined;
    throw error;
  }
}
