/** The one write: an experiment that a person, or a program of theirs, asked for in so many words. Never a model. */
import type { Config } from '../config/config.ts';
import { StoreError } from '../mlflow/errors.ts';
import type { CreatedExperiment, NewExperiment } from '../mlflow/experiment-writer.ts';
import { openStore } from '../mlflow/open-store.ts';
import { TENANT_TAG } from '../mlflow/tenant-store.ts';
import { storeOptions } from './session.ts';

export type { CreatedExperiment, NewExperiment } from '../mlflow/experiment-writer.ts';

export interface CreateOptions {
  /** Whose it will be; undefined: everybody's. */
  readonly tenant?: string | undefined;
  /** The same key again is the same request. */
  readonly key?: string | undefined;
  readonly signal: AbortSignal;
}

/** @throws StoreError */
export async function createExperiment(
  config: Config,
  wanted: NewExperiment,
  { tenant, key, signal }: CreateOptions,
): Promise<CreatedExperiment> {
  const { openExperimentWriter } = await import('../mlflow/experiment-writer.ts');
  const options = { ...storeOptions(config, { tables: [], isolated: true }), ...(await workspaceOf(config, tenant)) };
  const writer = await openExperimentWriter(config.store.uri, options);
  try {
    return await writer.create(ownedBy(tenant, wanted), key, signal);
  } finally {
    await writer.close();
  }
}

/** As reads of the tenant go. */
async function workspaceOf(config: Config, tenant: string | undefined): Promise<{ readonly workspace?: string }> {
  if (tenant === undefined || config.mlflow.workspace !== undefined) return {};
  const store = await openStore(config.store.uri, storeOptions(config, { tables: [], isolated: true }));
  try {
    return (await store.hasWorkspaces?.()) === true ? { workspace: tenant } : {};
  } finally {
    await store.close();
  }
}

function ownedBy(tenant: string | undefined, wanted: NewExperiment): NewExperiment {
  if (tenant === undefined) return wanted;
  const { [TENANT_TAG]: said = tenant } = wanted.tags;
  if (said !== tenant)
    throw new StoreError('invalid_request', `tag ${TENANT_TAG} names another tenant`, { hint: 'Leave it out.' });
  return { ...wanted, tags: { ...wanted.tags, [TENANT_TAG]: tenant } };
}
