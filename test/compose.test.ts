/** The compose file as far as it can be told without running it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';

const text = readFileSync(join(import.meta.dirname, '../compose.yaml'), 'utf8');

interface Service {
  readonly image: string;
  readonly volumes: readonly string[];
  readonly healthcheck: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

test('the compose file is YAML whose parts fit together, and says that it was not run', () => {
  const { services, volumes } = load(text) as Record<'services' | 'volumes', Record<string, Service>>;
  expect(Object.keys(services)).toEqual(['postgres', 'mlflow', 'serve']);
  expect(text).toContain('NOT RUN');
  for (const [name, { healthcheck, depends_on = {}, volumes: mounts }] of Object.entries(services)) {
    expect(healthcheck.test.length, name).toBeGreaterThan(1);
    for (const needed of Object.keys(depends_on)) expect(services).toHaveProperty(needed);
    for (const mount of mounts.filter((one) => !one.startsWith('.')))
      expect(volumes).toHaveProperty(mount.split(':')[0] ?? '');
  }
});
