/** "Why that one?": the ranking that a run was picked by, and what sets it apart from the next. */
import type { Finding } from '../../../finding/finding.ts';
import { idsOfKind } from '../../../finding/refs.ts';
import type { Query } from '../../../query/query.ts';
import { idReference, readReference } from '../../../query/reference.ts';
import type { Reading } from '../slots.ts';
import { findAntecedent } from './antecedents.ts';
import type { History } from './history.ts';
import type { Links } from './refs.ts';
import type { Settled } from './settled.ts';

const NOTE = 'Picked by this order alone; what else differs between the two is no proof of a cause.';

/** Undefined where the question asks for another reason, or no ranking of the conversation named the run. */
export function explainChoice(own: Reading, links: Links, history: History): Settled | undefined {
  const { slots, marks } = own;
  const asksMore = slots.conditions.length > 0 || slots.diagnosis !== undefined || slots.keys.length > 0;
  if (!('cause' in marks) || asksMore || own.unplaced.length > 0) return undefined;
  const run = explainedRun(own, links, history);
  const ranking = [...history.findings.values()].findLast((finding) => isPickedBy(finding, run, history));
  const reading = history.topics.find((topic) => topic.reading !== undefined)?.reading;
  if (run === undefined || ranking === undefined || reading === undefined) return undefined;
  const next = idsOfKind(ranking.subject.refs, 'run').find((id) => !isPickedBy(ranking, id, history));
  const compared = next === undefined ? [] : [comparisonOf([run, next])];
  return {
    reading: { ...reading, question: own.question, notes: next === undefined ? [] : [NOTE] },
    explains: { calls: [{ tool: ranking.tool, input: ranking.input }], queries: compared },
  };
}

const comparisonOf = (named: readonly string[]): Query => ({
  verb: 'compare',
  from: { kind: 'run', scope: { named: named.map(idReference) } },
  measure: [],
  by: [],
});

function explainedRun(own: Reading, { refs }: Links, history: History): string | undefined {
  const [ref] = refs;
  if (ref !== undefined) {
    const found = findAntecedent(ref, history);
    return found.ok ? found.antecedent.runIds?.[0] : undefined;
  }
  const [reference] = own.slots.runs;
  const asked = reference === undefined ? undefined : readReference(reference).text;
  if (asked === undefined) return history.topics.find(({ runIds }) => runIds.length > 0)?.runIds[0];
  return [...history.runs.values()].find(({ id, name }) => name === asked || id.startsWith(asked))?.id;
}

function isPickedBy({ tool, subject }: Finding, run: string | undefined, { answers }: History): boolean {
  return answers(tool, 'rank') && run !== undefined && idsOfKind(subject.named ?? [], 'run').includes(run);
}
