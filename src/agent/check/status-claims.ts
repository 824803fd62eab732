/** Which status runs are said to have. */
import { COUNTED } from '../terms/counting.ts';
import { NO_STATE, STATUS_WORDS, type StatusName } from '../terms/status.ts';
import { segmentOf, shapesAfter, shapesBefore } from './clauses.ts';
import type { Evidence } from './evidence.ts';
import { nounAfter } from './mentions.ts';
import { comparedStatuses, statusPopulations } from './populations.ts';
import type { Sentence } from './sentence.ts';
import { NEGATION, ownerOfState } from './state-owner.ts';

export function statusClaim(
  sentence: Sentence,
  at: number,
  status: StatusName,
  evidence: Evidence,
): boolean | undefined {
  return (
    ofNamed(sentence, at, status, evidence) ??
    statusCount(sentence, at, status, evidence) ??
    otherOfTwo(sentence, at, status, evidence) ??
    absentStatus(sentence, at, status, evidence)
  );
}

/** A status said of named runs. Of a number of runs it is a count's. */
function ofNamed(sentence: Sentence, at: number, status: StatusName, evidence: Evidence): boolean | undefined {
  const before = shapesBefore(sentence, at, 4);
  if (
    /(?:^| )N(?: \S+)?$/.test(before) ||
    /(?:^| )(?:of|all|every|each|how many|other|the|any|only|among|average|mean|for|than)$/.test(before)
  )
    return undefined;
  if (nounAfter(sentence, at)?.unit === 'run' && !/(?:^| )(?:a|an)$/.test(before)) return undefined;
  const owner = ownerOfState(sentence, at, evidence);
  if (owner === undefined) return undefined;
  const known = evidence.facts.all.filter(
    ({ measure, owner: of, value }) =>
      measure === 'status' && of !== undefined && owner.owners.has(of) && typeof value === 'string',
  );
  const negated = NEGATION.test(before);
  const stored =
    known.length > 0 ? known.map(({ value }) => String(value).toUpperCase()) : comparedStatuses(owner.owners, evidence);
  if (stored.length > 0) return stored.some((one) => (one === status) !== negated);
  const around = evidence.stretches.filter(({ owners }) => [...owner.owners].some((one) => owners.has(one)));
  const said = around.some(({ words }) => words.has(status));
  const other = around.some(({ words }) => [...STATUS_WORDS.values()].some((one) => one !== status && words.has(one)));
  if (said) return !negated;
  return other ? negated : undefined;
}

/** "the other seven are FAILED": where the runs of each status are counted. */
function statusCount(sentence: Sentence, at: number, status: StatusName, evidence: Evidence): boolean | undefined {
  const before = shapesBefore(sentence, at, 9);
  const said = COUNTED_STATE.exec(before)?.[0];
  if (said === undefined || isOfPart(sentence, at) || /^(?:or|and)$/.test(shapesAfter(sentence, at, 1)))
    return undefined;
  const numbers = sentence.tokens.slice(0, at).flatMap(({ numeral }) => (numeral === undefined ? [] : [numeral.value]));
  const count = numbers.at(/(?:^| )N of (?:the )?N(?: |$)/.test(said) ? -2 : -1);
  const counts = statusPopulations(evidence)
    .filter(({ isWhole }) => isWhole)
    .map(({ byStatus }) => byStatus.get(status) ?? 0);
  if (counts.length === 0 || count === undefined) return undefined;
  // Of a part that is not counted there may be fewer.
  if (/ of (?!(?:the )?N )/.test(said) && counts.some((one) => one > count)) return undefined;
  return counts.includes(count);
}

/** Of runs that something else tells from the rest. */
const isOfPart = ({ things, shapes, context }: Sentence, at: number): boolean =>
  [...things.filter((thing) => thing.at < at), ...context.topic].some(({ isExperiment }) => !isExperiment) ||
  shapes.slice(0, at).some((shape) => /^[MV]$/.test(shape));

const COUNTED_STATE =
  /(?<!(?:top|first|last|best|next|newest|latest|oldest) )\bN(?: runs?| ones?| others?| of which| of them| of (?:the )?N(?: runs)?)?,? (?:is|are|was|were)(?: still| also| marked| listed| marked as| listed as)*$/;

/** "one is FAILED and the other KILLED": of two runs whose statuses are told. */
function otherOfTwo(sentence: Sentence, at: number, status: string, evidence: Evidence): boolean | undefined {
  if (!/(?:^| )the other(?: (?:one|N|is|was|has|still|run))*$/.test(shapesBefore(sentence, at, 5))) return undefined;
  const pairs = statusPopulations(evidence).filter(({ size, isWhole }) => size === 2 && isWhole);
  return pairs.length === 0
    ? undefined
    : pairs.some(({ byStatus }) => [...byStatus.keys()].some((one) => one === status));
}

/** A status that no finding speaks of, where they speak of others. */
function absentStatus(sentence: Sentence, at: number, status: string, evidence: Evidence): boolean | undefined {
  const { text } = sentence.tokens[at]!;
  const isState =
    /^[A-Z]{4,}$/.test(text.replaceAll('`', '')) ||
    /(?:^| )(?:is|was|are|were)(?: still| marked)?$/.test(shapesBefore(sentence, at, 2));
  if (!isState || (status === 'FINISHED' && !/^[A-Z]/.test(text.replaceAll('`', '')))) return undefined;
  const isKnown = (one: string) =>
    evidence.names.find(one) !== undefined ||
    evidence.stretches.some(({ words }) => words.has(one)) ||
    evidence.counts.some(({ tags, value }) => value > 0 && (tags.has(one) || tags.has(`not ${one}`)));
  if (isKnown(status)) return undefined;
  const words = sentence.tokens.slice(...segmentOf(sentence, at)).map(({ lower }) => lower);
  // "the excluded ones are running" says what they are.
  const isSaidOf = (index: number) => words[index]!.endsWith('ed') && COUNTED.has(words[index + 1] ?? '');
  const isUnsaid = words.some((word, index) => word.endsWith("n't") || (NO_STATE.has(word) && !isSaidOf(index)));
  return isUnsaid ? undefined : false;
}
