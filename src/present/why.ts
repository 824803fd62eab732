/** What an answer stands on, in full: population, method, the call that was made, and how to check it without us. */
import type { Answer, Receipt } from '../agent/events.ts';
import type { Coverage } from '../finding/coverage.ts';
import type { Finding } from '../finding/finding.ts';
import { formatCount, pluralOf } from '../finding/format.ts';
import { quoteFilter, quoteName } from '../finding/quote.ts';
import { directionText } from '../finding/text.ts';
import { evidenceTexts } from './evidence.ts';
import { jsonText } from './json-text.ts';
import { escapeMarkdown } from './markdown.ts';
import { sanitizeForTerminal } from './sanitize.ts';

type Call = Receipt['calls'][number];

/** Markdown; also of an answer without findings, which is told by its calls. The receipt's store bears no secret. */
export function explainAnswer(answer: Answer): string {
  const { findings, evidence, receipt, usage } = answer;
  const callOf = (finding: Finding) => receipt.calls.find(({ handle }) => handle === finding.handle);
  const handles = new Set(findings.map(({ handle }) => handle));
  const others = receipt.calls.filter(({ handle }) => handle === undefined || !handles.has(handle));
  const blocks = [
    evidenceTexts(answer, evidence.length)
      .map((text) => `> ${text}`)
      .join('\n'),
    ...(findings.length > 0 || evidence.some(({ handle }) => handle !== undefined)
      ? []
      : ['This answer stands on no finding.']),
    ...findings.flatMap((finding) => explainFinding(finding, callOf(finding))),
    ...others.flatMap(explainOther),
    [
      `Asked: ${escapeMarkdown(receipt.question)}`,
      `Answered at ${receipt.now} from ${escapeMarkdown(receipt.store)}, model ${escapeMarkdown(usage.model)}, runsight ${receipt.version}`,
    ]
      .map((line) => `- ${line}`)
      .join('\n'),
  ];
  return blocks
    .filter((block) => block !== '')
    .map(sanitizeForTerminal)
    .join('\n\n');
}

function explainFinding(finding: Finding, call: Call | undefined): string[] {
  const { handle, title, tool, input, coverage, method, direction, caveats, reproduce } = finding;
  const facts = [
    `Scope: ${scopeText(coverage)}`,
    `Filter: ${coverage.filter === undefined ? 'none' : quoteFilter(coverage.filter)}`,
    `${capitalize(pluralOf(coverage.unit))}: ${formatCount(coverage.matched)} matched, ${formatCount(coverage.considered)} used`,
    ...coverage.excluded
      .filter(({ count }) => count > 0)
      .map(({ reason, count }) => `Left out: ${formatCount(count)} ${reason}`),
    ...(coverage.complete ? [] : ['Incomplete: not everything could be read']),
    ...(method === '' ? [] : [`Method: ${method}`]),
    ...(direction === undefined ? [] : [`Direction: ${directionText(direction)}`]),
    ...caveats.map(({ text }) => `Note: ${text}`),
  ];
  return [
    `**${handle} ${escapeMarkdown(title)}**`,
    facts.map((fact) => `- ${fact}`).join('\n'),
    `The call${revisionText(call)}:`,
    callBlock(tool, input),
    ...(reproduce === '' ? [] : ["The same through MLflow's own client:", fence('python', reproduce)]),
  ];
}

/** A call that failed, or whose finding is not this answer's. */
function explainOther(call: Call): string[] {
  const outcome = call.ok ? `gave ${call.handle ?? 'no finding'}` : 'failed';
  return [`A call that ${outcome}${revisionText(call)}:`, callBlock(call.tool, call.input)];
}

const revisionText = (call: Call | undefined): string =>
  call?.revision === undefined ? '' : `, on data revision ${quoteName(call.revision)}`;

function callBlock(tool: string, input: unknown): string {
  return fence('json', jsonText({ tool, input }));
}

/** Longer than any row of backticks in it, so that nothing in it ends it. */
function fence(language: string, code: string): string {
  const longest = code.match(/`+/g)?.reduce((most, run) => Math.max(most, run.length), 0) ?? 0;
  const ticks = '`'.repeat(Math.max(2, longest) + 1);
  return `${ticks}${language}\n${code}\n${ticks}`;
}

const capitalize = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

const MOST_NAMED = 20;

function scopeText({ scope, within }: Coverage): string {
  if (scope === 'all') return within === undefined ? 'all active experiments' : `all ${pluralOf(within)}`;
  const kind = scope[0]?.kind ?? within ?? 'experiment';
  if (scope.length === 0) return `no ${kind}`;
  const named = scope.slice(0, MOST_NAMED).map(({ id, name }) => `${quoteName(name)} (id ${quoteName(id)})`);
  const more = scope.length - named.length;
  return `${scope.length === 1 ? kind : pluralOf(kind)} ${named.join(', ')}${more > 0 ? ` and ${formatCount(more)} more` : ''}`;
}
