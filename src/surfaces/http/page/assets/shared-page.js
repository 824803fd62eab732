/** A conversation as somebody shared it: to read, and to take findings away. */
import { useEffect, useState } from 'preact/hooks';
import { Answer } from './answer.js';
import { api, faultText } from './api.js';
import { toExchanges } from './exchanges.js';
import { html } from './html.js';

/** Nobody asks here, so nothing is offered to be asked. */
const withoutAsking = (answer) => ({ ...answer, choices: [], followUps: [] });

export function SharedPage({ secret }) {
  const [shared, setShared] = useState();
  const [fault, setFault] = useState();
  const base = `/api/v1/shared/${secret}`;
  useEffect(() => {
    api('GET', base).then(
      (read) => {
        setShared(read);
        document.title = `${read.title} · Runsight`;
      },
      (error) => setFault(faultText(error)),
    );
  }, [base]);
  if (fault !== undefined)
    return html`<main class="alone"><h1>Runsight</h1><p class="fault" role="alert">${fault}</p></main>`;
  if (shared === undefined) return html`<main class="alone" aria-busy="true"><h1>Runsight</h1></main>`;
  return html`<main class="thread alone-thread" id="thread">
    <header class="shared"><h1>${shared.title}</h1><p>Runsight · shared ${shared.shared_at?.slice(0, 16).replace('T', ' ')} UTC, as it was then.</p></header>
    ${toExchanges(shared).map(({ question, answer }) => html`<article class="exchange"><div class="question"><h2>${question}</h2></div><${Answer} answer=${withoutAsking(answer)} base=${base} /></article>`)}
  </main>`;
}
