/** What a store holds, as far as words can speak of it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface MetricCard {
  readonly key: string;
  readonly low: number;
  readonly high: number;
  readonly better: 'higher' | 'lower' | 'unknown';
  /** Whether it was logged at many steps. */
  readonly curve: boolean;
}

export interface KeyCard {
  readonly key: string;
  readonly values: readonly string[];
}

export interface Schema {
  readonly id: string;
  readonly about: string;
  /** Of its names; questions are in English. */
  readonly language: string;
  /** `made`, or the public repository whose names they are. */
  readonly source: string;
  readonly experiments: readonly string[];
  readonly runNames: readonly string[];
  readonly metrics: readonly MetricCard[];
  readonly params: readonly KeyCard[];
  readonly tags: readonly KeyCard[];
  readonly users: readonly string[];
  /** First and last day on which runs started. */
  readonly days: readonly [string, string];
}

export function readSchemas(): Schema[] {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'schemas.json'), 'utf8')) as Schema[];
}
