/** A server that only a proxy reaches: both are local doubles, and `.test` names exist nowhere else. */
import { afterEach, beforeEach, expect } from 'vitest';
import { StoreError } from '../../src/mlflow/errors.ts';
import type { ProxySettings } from '../../src/mlflow/rest/proxy-choice.ts';
import { findRoute } from '../../src/mlflow/rest/proxy-route.ts';
import { openRestStore } from '../../src/mlflow/rest/rest-store.ts';
import type { TransportOptions } from '../../src/mlflow/rest/transport.ts';
import type { TrackingStore } from '../../src/mlflow/runs/tracking-store.ts';
import { type HttpDouble, startHttpDouble } from './http-double.ts';
import { type ProxyDouble, startProxyDouble } from './proxy-double.ts';

export const HTTP = 'http://mlflow.test:5000';
export const HTTPS = 'https://mlflow.test';
export const EXPERIMENTS = { body: { experiments: [{ experiment_id: '1', name: 'one', lifecycle_stage: 'active' }] } };
export const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

/** A proxy for either scheme. */
export const proxiesAt = (address: string): ProxySettings => ({
  http: { name: 'HTTP_PROXY', value: address },
  https: { name: 'HTTPS_PROXY', value: address },
});

/** Both doubles anew for each test. */
export class BehindProxy {
  server!: HttpDouble;
  proxy!: ProxyDouble;
  readonly stores: TrackingStore[] = [];
  readonly waits: number[] = [];

  constructor() {
    beforeEach(async () => {
      this.server = await startHttpDouble();
      this.proxy = await startProxyDouble(() => this.server.url);
      this.waits.length = 0;
    });
    afterEach(async () => {
      await Promise.all(this.stores.splice(0).map((store) => store.close()));
      await this.proxy.stop();
      await this.server.stop();
    });
  }

  /** The proxy's address with a user and password. */
  withLogin(login: string): string {
    return this.proxy.url.replace('//', `//${login}@`);
  }

  open(uri: string, options: TransportOptions = {}, proxies = proxiesAt(this.proxy.url)): TrackingStore {
    const retry = { random: () => 1, sleep: async (ms: number) => void this.waits.push(ms) };
    const store = openRestStore(uri, { retry, route: findRoute(uri, proxies), ...options });
    this.stores.push(store);
    return store;
  }

  /** The fault of asking for the experiments. */
  async fail(uri: string, options?: TransportOptions, proxies?: ProxySettings): Promise<StoreError> {
    const error = await this.open(uri, options, proxies)
      .searchExperiments({}, new AbortController().signal)
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(StoreError);
    expect((error as StoreError).message).not.toMatch(/\n|undefined/);
    return error as StoreError;
  }
}
