/** The page: signs in where that is needed, then shows a conversation, or one that was shared. */
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { api, faultText } from './api.js';
import { Chat } from './chat.js';
import { html } from './html.js';
import { Login } from './login.js';
import { SharedPage } from './shared-page.js';
import { applyTheme } from './theme.js';

applyTheme();
const [, secret] = /^\/shared\/([\w-]+)$/.exec(location.pathname) ?? [];

function Page() {
  const [session, setSession] = useState();
  const [fault, setFault] = useState();
  const load = () => api('GET', '/api/v1/session').then(setSession, (error) => setFault(faultText(error)));
  useEffect(() => void load(), []);
  if (fault !== undefined)
    return html`<main class="alone"><h1>Runsight</h1><p class="fault" role="alert">${fault}</p></main>`;
  if (session === undefined) return html`<main class="alone" aria-busy="true"><h1>Runsight</h1></main>`;
  if (session.needs_login && !session.signed_in) return html`<${Login} onSignedIn=${load} />`;
  return secret === undefined
    ? html`<${Chat} session=${session} onSignedOut=${load} />`
    : html`<${SharedPage} secret=${secret} />`;
}

render(html`<${Page} />`, document.getElementById('app'));
