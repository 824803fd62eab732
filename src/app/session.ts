/** An open store, what a person calls it, and the time that its questions are asked at. */
import type { Config, StoreSource } from '../config/config.ts';
import { openStore, type StoreOptions } from '../mlflow/open-store.ts';
import type { TrackingStore } from '../mlflow/runs/tracking-store.ts';
import { boundToTenant } from '../mlflow/tenant-store.ts';

export interface Session {
  readonly store: TrackingStore;
  /** What a person calls the store; its own location where they named it themselves. */
  readonly storeName: string;
  /** Where it is not the wall clock's. */
  readonly fixedNow: number | undefined;
}

/** How a store is opened beside what the configuration says. */
export interface Opening {
  /** What the families read beside the tables of runs. */
  readonly tables: readonly string[];
  /** Whether this process must not stand still while a database file is read. */
  readonly isolated: boolean;
  /** Whose experiments alone are there; undefined: everybody's. */
  readonly tenant?: string | undefined;
  /** Open already. */
  readonly own?: TrackingStore | undefined;
}

/** @throws StoreError */
export async function openSession(config: Config, opening: Opening): Promise<Session> {
  const whole = opening.own ?? (await openStore(config.store.uri, storeOptions(config, opening)));
  const source = opening.own === undefined ? config.store.source : 'flag';
  const storeName = SOURCE_NAMES[source] ?? whole.capabilities.location;
  const fixedNow = config.now ?? (source === 'demo' ? await findLastDay(whole) : undefined);
  const { tenant } = opening;
  return { store: tenant === undefined ? whole : await storeOf(tenant, whole, config, opening), storeName, fixedNow };
}

/** The workspace of the tenant's name, where a server has workspaces and none was chosen for all; else what bears its tag. */
async function storeOf(tenant: string, whole: TrackingStore, config: Config, opening: Opening): Promise<TrackingStore> {
  const mayHave = opening.own === undefined && config.mlflow.workspace === undefined;
  if (!mayHave || (await whole.hasWorkspaces?.()) !== true) return boundToTenant(whole, tenant);
  await whole.close();
  return openStore(config.store.uri, { ...storeOptions(config, opening), workspace: tenant });
}

const SOURCE_NAMES: Readonly<Record<StoreSource, string | undefined>> = {
  demo: 'bundled demo',
  './mlruns': './mlruns',
  './mlflow.db': './mlflow.db',
  flag: undefined,
  environment: undefined,
  'config file': undefined,
};

/** The end of the UTC day on which the last run started. */
async function findLastDay(store: TrackingStore): Promise<number> {
  const counts = await store.countRuns({}, new AbortController().signal);
  const lastDay = new Date(Math.max(...counts.map((group) => group.lastStart ?? 0)));
  return lastDay.setUTCHours(23, 59, 59, 999);
}

/** What the configuration says of how a store is reached. */
export function storeOptions(config: Config, { tables, isolated }: Pick<Opening, 'tables' | 'isolated'>): StoreOptions {
  const { mlflow, databricks, proxies, cacheFolder } = config;
  return {
    tables,
    isolation: config.store.source === 'demo' ? 'never' : isolated ? 'unless small' : 'unless sure',
    cacheFolder,
    databricks: { ...databricks, token: databricks.token?.reveal() },
    proxies,
    username: mlflow.username,
    password: mlflow.password?.reveal(),
    token: mlflow.token?.reveal(),
    insecureTls: mlflow.insecureTls,
    caPath: mlflow.caPath,
    clientCertPath: mlflow.clientCertPath,
    timeoutMs: mlflow.requestTimeoutMs,
    mysqlSsl: mlflow.mysqlSsl,
    workspace: mlflow.workspace,
  };
}
