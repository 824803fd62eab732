/** Before anything is asked: what may be, by the store's own names as soon as they are known. */
import { useEffect, useState } from 'preact/hooks';
import { api } from './api.js';
import { html } from './html.js';

const ANY_STORE = [
  'What experiments are there?',
  'How many runs failed?',
  'Compare the last 3 runs',
  'Which runs are the longest?',
];
const tool = (name, input) => api('POST', `/api/v1/tools/${name}`, input);

/** What the experiment that was busy last leads to; nothing where the store cannot be read: the first answer says why. */
async function readExamples() {
  const { subject } = await tool('list_experiments', {});
  const latest = subject?.refs?.find(({ kind }) => kind === 'experiment');
  if (latest === undefined) return [];
  const { followUps = [] } = await tool('describe_experiment', { experiment: latest.id });
  return followUps;
}
let examples;

export function Welcome({ ask }) {
  const [own, setOwn] = useState([]);
  useEffect(() => {
    examples ??= readExamples().catch(() => []);
    void examples.then(setOwn);
  }, []);
  return html`<section class="welcome"><h2>Ask about your experiments</h2>
    <p>Every number is computed from what MLflow has, and each answer says from which runs.</p>
    <ul class="questions" aria-label="Examples">${[...ANY_STORE, ...own].map((question) => html`<li><button type="button" disabled=${!ask} onClick=${() => ask?.(question)}>${question}</button></li>`)}</ul></section>`;
}
