/** A link to a conversation as it is now: made, copied, withdrawn by its owner. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, faultText } from './api.js';
import { html } from './html.js';
import { copyText } from './secure.js';

export function Share({ id }) {
  const path = `/api/v1/conversations/${id}/share`;
  const [share, setShare] = useState();
  const [said, setSaid] = useState('');
  const fold = useRef();
  useEffect(() => {
    const close = (event) => {
      if (!fold.current.contains(event.target)) fold.current.open = false;
    };
    document.addEventListener('pointerdown', close);
    return () => document.removeEventListener('pointerdown', close);
  }, []);
  const onKey = (event) => {
    if (event.key !== 'Escape' || !fold.current.open) return;
    fold.current.open = false;
    fold.current.querySelector('summary').focus();
  };
  useEffect(() => {
    setShare(undefined);
    setSaid('');
    api('GET', path).then(
      (found) => setShare(found.share ?? undefined),
      (error) => setSaid(faultText(error)),
    );
  }, [path]);
  const run = (work) => work().catch((error) => setSaid(faultText(error)));
  const make = () =>
    run(async () => {
      setShare(await api('POST', path));
      setSaid('Whoever of your team has this link can read the conversation as it is now.');
    });
  const withdraw = () =>
    run(async () => {
      await api('DELETE', path);
      setShare(undefined);
      setSaid('The link leads nowhere any more.');
    });
  const copy = () =>
    run(async () => {
      await copyText(new URL(share.url, location.href).href);
      setSaid('Copied.');
    });
  return html`<details class="share" ref=${fold} onKeyDown=${onKey}>
    <summary>${share === undefined ? 'Share' : 'Shared'}</summary>
    <div>
      ${share?.url && html`<p><input readonly aria-label="Link" value=${new URL(share.url, location.href).href} onFocus=${(event) => event.target.select()} /> <button type="button" onClick=${copy}>Copy</button></p>`}
      ${share && !share.url && html`<p>Shared ${share.created_at?.slice(0, 16).replace('T', ' ')} UTC with ${share.turns} question${share.turns === 1 ? '' : 's'}. The link was told when it was made; a new one ends it.</p>`}
      <p><button type="button" onClick=${make}>${share === undefined ? 'Make a link' : 'Make a new link'}</button>
      ${share && html` <button type="button" onClick=${withdraw}>Withdraw</button>`}</p>
      <p role="status">${said}</p>
    </div>
  </details>`;
}
