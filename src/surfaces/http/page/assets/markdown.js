/** Markdown of answers as elements. Nothing of it becomes HTML: names in it come from a store. */
import { html } from './html.js';

const SEPARATOR = /^\|(?:\s*:?-+:?\s*\|)+\s*$/;

/** Blocks in order: `{ kind, … }`, with lines still marked up. */
export function readBlocks(text) {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const blocks = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at];
    if (line.trim() === '') at += 1;
    else if (/^```/.test(line)) {
      const end = lines.findIndex((one, n) => n > at && /^```/.test(one));
      const last = end < 0 ? lines.length : end;
      blocks.push({ kind: 'code', text: lines.slice(at + 1, last).join('\n') });
      at = last + 1;
    } else if (line.startsWith('|') && SEPARATOR.test(lines[at + 1] ?? '')) {
      let end = at + 2;
      while (lines[end]?.startsWith('|')) end += 1;
      const [head, , ...rows] = lines.slice(at, end).map(cellsOf);
      blocks.push({ kind: 'table', head, rows, right: cellsOf(lines[at + 1]).map((cell) => cell.endsWith(':')) });
      at = end;
    } else if (/^#{1,6} /.test(line)) {
      blocks.push({ kind: 'heading', text: line.replace(/^#+ /, '') });
      at += 1;
    } else if (/^\s*(?:[-*]|\d+[.)]) /.test(line)) {
      const items = [];
      const isOrdered = /^\s*\d/.test(line);
      for (; at < lines.length && lines[at].trim() !== ''; at++) {
        if (/^\s*(?:[-*]|\d+[.)]) /.test(lines[at])) items.push(lines[at].replace(/^\s*(?:[-*]|\d+[.)]) /, ''));
        else items[items.length - 1] += ` ${lines[at].trim()}`;
      }
      blocks.push({ kind: 'list', items, isOrdered });
    } else {
      const start = at;
      while (at < lines.length && lines[at].trim() !== '' && !lines[at].startsWith('|') && !/^```/.test(lines[at]))
        at += 1;
      if (at === start) at += 1;
      blocks.push({ kind: 'paragraph', text: lines.slice(start, at).join('\n') });
    }
  }
  return blocks;
}

function cellsOf(line) {
  const cells = [];
  let cell = '';
  let fence = '';
  for (const [part] of line
    .trim()
    .replace(/^\||\|$/g, '')
    .matchAll(/\\[\s\S]|`+|[\s\S]/g)) {
    if (/^`/.test(part)) fence = fence === '' ? part : fence === part ? '' : fence;
    if (part === '|' && fence === '') {
      cells.push(cell.trim());
      cell = '';
    } else cell += part === '\\|' ? '|' : part;
  }
  return [...cells, cell.trim()];
}

const INLINE =
  /(`+)([\s\S]*?[^`])\1(?!`)|\*\*(?=\S)([\s\S]*?\S)\*\*|(?<![\w*])[*_](?=\S)([^*_]*?\S)[*_](?![\w*])|\[((?:\\.|[^\]\\])*)\]\(<?([^\s)>]+)>?\)|\\([!-/:-@[-`{-~])|\[unverified\]/g;

/** Text with its marks as elements. */
export function inline(text) {
  const parts = [];
  let last = 0;
  for (const match of text.matchAll(INLINE)) {
    parts.push(text.slice(last, match.index));
    last = match.index + match[0].length;
    const [all, , code, strong, em, label, url, escaped] = match;
    if (code !== undefined) parts.push(html`<code>${code.replace(/^ (.*\S.*) $/s, '$1')}</code>`);
    else if (strong !== undefined) parts.push(html`<strong>${inline(strong)}</strong>`);
    else if (em !== undefined) parts.push(html`<em>${inline(em)}</em>`);
    else if (label !== undefined) parts.push(linkTo(url, inline(label)));
    else if (escaped !== undefined) parts.push(escaped);
    else parts.push(html`<mark class="unverified" title="Nothing that was found stands behind this">${all}</mark>`);
  }
  return [...parts, text.slice(last)].filter((part) => part !== '');
}

/** Only the web's own addresses lead anywhere. */
export function linkTo(url, label) {
  const isSafe = /^https?:\/\//i.test(url) && URL.canParse(url);
  return isSafe
    ? html`<a href=${url} target="_blank" rel="noopener noreferrer">${label}</a>`
    : html`<span>${label}</span>`;
}

/** What code says beneath an answer: of what it holds, and what was taken over from before. */
const ASIDE = /^(?:Note: |From before: |[\d,]+ [a-z]+\b.* · )/;

/** @param table draws a block of a table */
export function Markdown({ text, table }) {
  let tables = 0;
  return readBlocks(text).map((block) => {
    switch (block.kind) {
      case 'table':
        return table(block, tables++);
      case 'code':
        return html`<pre tabindex="0"><code>${block.text}</code></pre>`;
      case 'heading':
        return html`<h3>${inline(block.text)}</h3>`;
      case 'list': {
        const items = block.items.map((item) => html`<li>${inline(item)}</li>`);
        return block.isOrdered ? html`<ol>${items}</ol>` : html`<ul>${items}</ul>`;
      }
      default:
        return html`<p class=${ASIDE.test(block.text) ? 'note' : undefined}>${inline(block.text)}</p>`;
    }
  });
}
