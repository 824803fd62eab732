/** A new experiment before it is one: all that would be sent, in lines that nothing in it can disguise. */
import type { NewExperiment } from '../../app/create-experiment.ts';
import type { Config } from '../../config/config.ts';
import { maskUri } from '../../mask.ts';
import { sanitizeLine } from '../../present/sanitize.ts';

/** @throws StoreError where it cannot be made: nobody is asked about that. */
export async function proposeExperiment(wanted: NewExperiment, { store }: Config): Promise<string[]> {
  const { openExperimentWriter, checkExperiment } = await import('../../mlflow/experiment-writer.ts');
  checkExperiment(wanted);
  await (await openExperimentWriter(store.uri, {})).close();
  const { name, description, tags } = wanted;
  return [
    `New experiment on ${sanitizeLine(maskUri(store.uri))}`,
    `  name         ${sanitizeLine(name)}`,
    ...(description === undefined ? [] : [`  description  ${sanitizeLine(description)}`]),
    ...Object.entries(tags).map(([key, value]) => `  tag          ${sanitizeLine(key)} = ${sanitizeLine(value)}`),
  ];
}
