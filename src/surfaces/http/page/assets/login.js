/** The token, once: the server answers with a cookie that no script can read. */
import { useState } from 'preact/hooks';
import { api, faultText } from './api.js';
import { html } from './html.js';

export function Login({ onSignedIn }) {
  const [fault, setFault] = useState();
  const signIn = async (event) => {
    event.preventDefault();
    const { token } = event.target.elements;
    try {
      await api('POST', '/login', { token: token.value.trim() });
      await onSignedIn();
    } catch (error) {
      setFault(faultText(error));
      token.select();
    }
  };
  return html`<main class="alone">
    <h1>Runsight</h1>
    <form onSubmit=${signIn}>
      <label for="token">Your token</label>
      <input id="token" name="token" type="password" autocomplete="current-password" required autofocus aria-describedby="why" />
      <p id="why">Whoever runs this server has given you one. It is kept as a cookie for 30 days.</p>
      <button type="submit" class="main">Sign in</button>
    </form>
    ${fault && html`<p class="fault" role="alert">${fault}</p>`}
  </main>`;
}
