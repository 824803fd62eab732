/** Runs tools as the loop does: input validated, on one state of a store, findings read as text. */

import type { FindingBody } from '../../src/finding/finding.ts';
import { idsOfKind, isRef } from '../../src/finding/refs.ts';
import { findingText } from '../../src/finding/text.ts';
import { openStore } from '../../src/mlflow/open-store.ts';
import type { TrackingStore } from '../../src/mlflow/runs/tracking-store.ts';
import type { Memory, ToolContext } from '../../src/tools/define/context.ts';
import { ToolError } from '../../src/tools/define/errors.ts';
import { tools } from '../../src/tools/index.ts';

/** The demo's own last day. */
const NOW = Date.parse('2026-11-20T18:00:00Z');

export type Asked = FindingBody & { readonly input: unknown; readonly text: string };

export class ToolRig {
  readonly store: TrackingStore;

  constructor(store: TrackingStore) {
    this.store = store;
  }

  static async open(path: string): Promise<ToolRig> {
    const tables = tools.flatMap(({ reads }) => reads?.tables ?? []);
    return new ToolRig(await openStore(`sqlite:///${path}`, { tables }));
  }

  context(memory: Memory = {}): ToolContext {
    return {
      store: this.store,
      now: NOW,
      timeZone: 'UTC',
      signal: AbortSignal.timeout(20_000),
      limits: { maxRuns: 100, historyPoints: 1000 },
      memory,
      progress() {},
    };
  }

  async ask(name: string, input: unknown, memory?: Memory): Promise<Asked> {
    const tool = tools.find((one) => one.name === name);
    const parsed = tool?.parse(input);
    if (tool === undefined || parsed === undefined || !parsed.ok)
      throw new Error(`${name}: ${parsed?.ok === false ? parsed.reason : 'no such tool'}`);
    const finding = { ...(await tool.run(parsed.input, this.context(memory))), input: parsed.input };
    return { ...finding, text: findingText(finding) };
  }

  /** The refusal that is due. */
  async refusal(name: string, input: unknown, memory?: Memory): Promise<ToolError> {
    try {
      const finding = await this.ask(name, input, memory);
      throw new Error(`answered: ${finding.summary}`);
    } catch (error) {
      if (error instanceof ToolError) return error;
      throw error;
    }
  }
}

/** The cells of a finding's first table under a column. */
export function cells(finding: FindingBody, key: string): unknown[] {
  const [table] = finding.data.tables;
  const at = table?.columns.findIndex((column) => column.key === key) ?? -1;
  if (table === undefined || at < 0) throw new Error(`no column ${key}`);
  return table.rows.map((row) => row[at]);
}

/** Names of the things under a column of a finding's first table. */
export function namesIn(finding: FindingBody, key: string): unknown[] {
  return cells(finding, key).map((cell) => (isRef(cell) ? cell.name : cell));
}

/** Names of the runs in a finding's first table. */
export const runNames = (finding: FindingBody): unknown[] => namesIn(finding, 'run');

/** Ids of the runs that a follow-up may refer to. */
export const runsMeant = ({ subject }: FindingBody): string[] => idsOfKind(subject.refs, 'run');

/** What was left out, reason by reason. */
export const exclusions = ({ coverage }: FindingBody): Record<string, number> =>
  Object.fromEntries(coverage.excluded.map(({ reason, count }) => [reason, count]));
