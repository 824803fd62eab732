/** What was talked about so far, read off the conversation: each earlier question with how it was read and what it found. */
import type { Finding } from '../../../finding/finding.ts';
import { idsOfKind, isRef, type Ref, refsOfKind } from '../../../finding/refs.ts';
import type { Verb } from '../../../query/verb.ts';
import type { Tool } from '../../../tools/define/tool.ts';
import { isRepairNote } from '../../check/repair-note.ts';
import type { Message, ToolResult } from '../../models/model.ts';
import type { Reading } from '../slots.ts';
import { settlePicked } from './run-set.ts';

/** One earlier question. */
export interface Topic {
  /** Undefined where another model answered it. */
  readonly reading?: Reading | undefined;
  /** As it was read before its runs were picked. */
  readonly asked?: Reading | undefined;
  /** Of its last step: those that the answer leads with. */
  readonly findings: readonly Finding[];
  /** Runs that the answer is about; empty where it is about none or about more than were listed. */
  readonly runIds: readonly string[];
  /** The one of them that the question asked for: the better one, where it asked which is better. */
  readonly chosen?: string | undefined;
  /** Runs in the order in which they were listed. */
  readonly listed: readonly string[];
  /** Experiments, where those were listed. */
  readonly experimentIds: readonly string[];
}

export interface History {
  /** Newest first. */
  readonly topics: readonly Topic[];
  readonly findings: ReadonlyMap<string, Finding>;
  readonly runs: ReadonlyMap<string, Ref>;
  /** Whether a tool answers such queries. */
  answers(tool: string, verb: Verb): boolean;
  /** The kind of things that a tool is about. */
  kindOf(tool: string): string | undefined;
}

/** What the offline model leaves with its turns. */
export interface Remembered {
  readonly reading: Reading;
  /** An explanation of an earlier answer: the talk goes on about that one. */
  readonly isAside?: boolean | undefined;
}

export function readHistory(messages: readonly Message[], tools: readonly Tool[]): History {
  const topics: Topic[] = [];
  const findings = new Map<string, Finding>();
  const runs = new Map<string, Ref>();
  for (const messagesOfOne of splitQuestions(messages)) {
    const results = messagesOfOne.flatMap((message) => (message.role === 'tools' ? [message.results] : []));
    for (const finding of results.flat().flatMap(findingOf)) {
      findings.set(finding.handle, finding);
      for (const run of runRefsOf(finding)) runs.set(run.id, run);
    }
    const topic = topicOf(
      messagesOfOne,
      results.map((step) => step.flatMap(findingOf)),
    );
    if (topic) topics.unshift(topic);
  }
  const toolOf = (name: string) => tools.find((tool) => tool.name === name);
  return {
    topics,
    findings,
    runs,
    answers: (name, verb) => toolOf(name)?.verbs.includes(verb) === true,
    kindOf: (name) => toolOf(name)?.kind,
  };
}

function splitQuestions(messages: readonly Message[]): Message[][] {
  const questions: Message[][] = [];
  for (const message of messages) {
    if (message.role === 'user' && !isRepairNote(message.text)) questions.push([]);
    questions.at(-1)?.push(message);
  }
  return questions;
}

const findingOf = ({ outcome }: ToolResult): Finding[] => (outcome.ok ? [outcome.finding] : []);

/** `steps`: what each step of the question found. */
function topicOf(messages: readonly Message[], steps: readonly (readonly Finding[])[]): Topic | undefined {
  const findings = steps.at(-1) ?? [];
  const raws = messages.flatMap((message) => (message.role === 'assistant' ? [message.turn.raw] : []));
  const remembered = raws.findLast(isRemembered);
  if (remembered?.isAside === true) return undefined;
  const [picking] = steps.length > 1 ? (steps[0] ?? []) : [];
  const picked = picking === undefined ? [] : namedRuns(picking);
  const reading = remembered && settlePicked(remembered.reading, picked);
  if (reading === undefined && findings.length === 0) return undefined;
  const isWhole = findings.every((one) => one.subject.named || listedRuns(one).length >= one.coverage.matched);
  const named = findings.flatMap(namedRuns);
  return {
    reading,
    asked: remembered?.reading,
    findings,
    // Where nothing was found, it was still asked about.
    runIds: findings.length === 0 ? (reading?.slots.runs ?? []) : isWhole ? [...new Set(named)] : [],
    chosen: reading !== undefined && asksForOne(reading) ? findings.at(-1)?.subject.better?.id : undefined,
    listed: [...new Set(steps.flat().flatMap(listedRuns))],
    experimentIds: [...new Set(findings.flatMap(({ subject }) => idsOfKind(subject.refs, 'experiment')))],
  };
}

const listedRuns = ({ subject }: Finding): string[] => idsOfKind(subject.refs, 'run');
const namedRuns = ({ subject }: Finding): string[] => idsOfKind(subject.named ?? subject.refs, 'run');

const asksForOne = ({ slots }: Reading): boolean => slots.comparative !== undefined || slots.superlatives.length > 0;

function isRemembered(raw: unknown): raw is Remembered {
  return typeof raw === 'object' && raw !== null && 'reading' in raw;
}

/** Runs as the tables of a finding name them. */
function runRefsOf({ data }: Finding): Ref[] {
  const cells = data.tables.flatMap((table) => table.rows.flat());
  const series = (data.series ?? []).map(({ of }) => of);
  return refsOfKind([...cells, ...series, ...Object.values(data.facts ?? {})].filter(isRef), 'run');
}
