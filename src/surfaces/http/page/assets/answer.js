/** One exchange: what was asked, and the answer with its tables, charts, evidence and what to do with them. */
import { useState } from 'preact/hooks';
import { Chart } from './chart.js';
import { html } from './html.js';
import { inline, linkTo, Markdown } from './markdown.js';
import { copyText } from './secure.js';
import { FindingTable, TextTable } from './table.js';

/** Beneath a table of code's wording; the table says so itself. */
const REST = /\n\n\+[\d,]+ more(?=\n|$)/g;

const FORMAT_NAMES = { md: 'Markdown', py: 'Python' };

const STATES = {
  partial: 'Only a part could be found out',
  clarify: 'Which is meant?',
  cannot: 'Not answered',
  unsupported: 'Nothing that was found stands behind these words',
  error: 'It failed',
};

/** @param base path of the API under which findings are exported; ask: undefined where the page only shows */
export function Answer({ answer, base, ask }) {
  const { status, text, warnings = [], choices = [], followUps = [], findings, charts = [] } = answer;
  const isWordedByCode = answer.usage === undefined ? answer.status !== undefined : answer.usage.model === 'offline';
  const drawn = new Set(charts.map(({ id }) => id));
  return html`<div class="answer ${status ?? ''}">
    ${STATES[status] && html`<p class="state">${STATES[status]}</p>`}
    <${Markdown} text=${isWordedByCode ? text.replaceAll(REST, '') : text} table=${tableOf(isWordedByCode ? findings : [])} />
    ${warnings.map((warning) => html`<p class="warning">${inline(warning)}</p>`)}
    ${charts.map((chart) => html`<${Chart} key=${chart.id} chart=${chart} />`)}
    ${choices.length > 0 && html`<${Questions} label="Choices" questions=${choices} ask=${ask} />`}
    ${findings.length > 0 && html`<${Evidence} findings=${findings} base=${base} answer=${answer} hasTables=${isWordedByCode} drawn=${drawn} />`}
    ${followUps.length > 0 && html`<${Questions} label="Ask next" questions=${followUps.map((question) => ({ label: question, question }))} ask=${ask} />`}
  </div>`;
}

/** A table that code worded is the finding's own: with all digits, and sorted by them. */
function tableOf(findings) {
  const tables = findings.flatMap(({ data }) => data.tables);
  return (block) => {
    const at = tables.findIndex(
      ({ columns, rows }) =>
        rows.length >= block.rows.length &&
        columns.length === block.head.length &&
        columns.every(({ label }, n) => plain(block.head[n]) === label),
    );
    if (at < 0) return html`<${TextTable} block=${block} />`;
    const [table] = tables.splice(at, 1);
    return html`<${FindingTable} table=${table} />`;
  };
}

const plain = (text) => text.replace(/\\([!-/:-@[-`{-~])/g, '$1').replace(/^`+ ?(.*?) ?`+$/, '$1');

function Questions({ label, questions, ask }) {
  return html`<ul class="questions" aria-label=${label}>${questions.map(
    ({ label: text, question }) =>
      html`<li><button type="button" disabled=${!ask} onClick=${() => ask?.(question)}>${inline(text)}</button></li>`,
  )}</ul>`;
}

function Evidence({ findings, base, answer, hasTables, drawn }) {
  const { usage, timing_ms: ms, receipt } = answer;
  const about = [usage?.model, ms === undefined ? undefined : `${Math.round(ms)} ms`].filter(Boolean).join(' · ');
  return html`<details class="evidence">
    <summary>Evidence: ${findings.length === 1 ? 'one finding' : `${findings.length} findings`}${about && ` · ${about}`}</summary>
    ${findings.map((finding) => html`<${Finding} key=${finding.handle} finding=${finding} base=${base} hasTables=${hasTables} canDraw=${drawn.has(`chart-${finding.handle.slice(1)}`)} />`)}
    ${receipt && html`<details><summary>Receipt</summary><pre tabindex="0"><code>${JSON.stringify(receipt, undefined, 2)}</code></pre></details>`}
  </details>`;
}

function coverageText({ unit, matched, considered, excluded, filter, complete }) {
  const out = Object.entries(excluded ?? {}).map(([reason, count]) => `${count} ${reason}`);
  return [
    `${considered} of ${matched} ${unit}${matched === 1 ? '' : 's'} used${out.length > 0 ? ` (left out: ${out.join(', ')})` : ''}`,
    filter && `filter ${filter}`,
    complete === false && 'not everything could be read',
  ]
    .filter(Boolean)
    .join(' · ');
}

function Finding({ finding, base, hasTables, canDraw }) {
  const { handle, tool, title, summary, method, coverage, caveats, links, reproduce, data } = finding;
  const hasPicture =
    canDraw ||
    finding.data.series !== undefined ||
    ['rank_runs', 'summarize_metrics', 'analyze_parameter_impact'].includes(tool);
  const formats = ['csv', 'md', 'json', ...(hasPicture ? ['png', 'svg'] : []), ...(reproduce ? ['py'] : [])];
  return html`<section class="finding" aria-label=${`${handle} ${title}`}>
    <h3>${handle} ${title} <small>${tool}</small></h3>
    <p>${inline(summary)}</p>
    ${!hasTables && data.tables.map((table) => html`<${FindingTable} table=${table} />`)}
    <p class="coverage">${inline(coverageText(coverage))}${method && html` · ${inline(method)}`}</p>
    ${caveats.length > 0 && html`<ul class="caveats">${caveats.map(({ text }) => html`<li>${inline(text)}</li>`)}</ul>`}
    ${links.length > 0 && html`<p>${links.map(({ label, url }) => html`${linkTo(url, label)} `)}</p>`}
    ${reproduce && html`<${Program} text=${reproduce} />`}
    ${base && html`<p class="exports">Save as ${formats.map((format) => html`<a download href="${base}/findings/${handle.slice(1)}/export?format=${format}">${FORMAT_NAMES[format] ?? format.toUpperCase()}</a> `)}</p>`}
  </section>`;
}

function Program({ text }) {
  const [said, setSaid] = useState('Copy');
  const copy = () =>
    copyText(text).then(
      () => setSaid('Copied'),
      () => setSaid('Not copied'),
    );
  return html`<details><summary>The same through MLflow's own client</summary>
    <button type="button" class="copy" onClick=${copy}>${said}</button>
    <pre tabindex="0"><code>${text}</code></pre></details>`;
}
