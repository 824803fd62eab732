/** A conversation: its list beside it, questions and answers, and the box to ask in. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Answer } from './answer.js';
import { api, faultText } from './api.js';
import { Composer } from './composer.js';
import { Conversations } from './conversations.js';
import { toExchanges } from './exchanges.js';
import { html } from './html.js';
import { createId } from './secure.js';
import { Share } from './share.js';
import { askQuestion, followQuestion, pending, stopQuestion } from './stream.js';
import { turnTheme } from './theme.js';
import { takeEvent } from './under-way.js';
import { Welcome } from './welcome.js';

const PAGE = 30;
const idInAddress = () => new URLSearchParams(location.search).get('c') ?? undefined;

export function Chat({ session, onSignedOut }) {
  const [list, setList] = useState({ conversations: [] });
  const [current, setCurrent] = useState(idInAddress());
  const [entry, setEntry] = useState();
  const [exchanges, setExchanges] = useState([]);
  const [underWay, setUnderWay] = useState();
  const [fault, setFault] = useState();
  const [isListOpen, setListOpen] = useState(false);
  const end = useRef();
  const box = useRef();
  /** Which conversation is shown when something that was waited for comes. */
  const shown = useRef(current);

  const guard = (work) => work.catch((error) => setFault(faultText(error)));
  const loadList = () => guard(api('GET', `/api/v1/conversations?limit=${PAGE}`).then(setList));
  const show = (id) => {
    shown.current = id;
    setCurrent(id);
    setFault(undefined);
    setListOpen(false);
    document.title = 'Runsight';
    if (id !== idInAddress()) history.pushState(null, '', id === undefined ? '/' : `/?c=${id}`);
  };
  const read = async (id) => {
    const conversation = await api('GET', `/api/v1/conversations/${id}`);
    if (shown.current !== id) return;
    setEntry(conversation);
    setExchanges(toExchanges(conversation));
    document.title = `${conversation.title} · Runsight`;
  };
  const open = (id) => {
    show(id);
    setEntry(undefined);
    setExchanges([]);
    if (id !== undefined) guard(read(id));
    box.current?.focus();
  };

  const settle = ({ question, answer, fault: failed }) => {
    const settled = answer ?? (failed && { status: 'error', text: failed, findings: [] });
    if (settled === undefined) setFault('Stopped. Nothing of it was kept.');
    else setExchanges((before) => [...before, { question, answer: settled, isNew: true }]);
  };
  /** What is there may hold the answer already, where a question was asked before this page was loaded. */
  const resume = async (asked) => {
    const before = asked.conversation === undefined ? Promise.resolve() : read(asked.conversation).catch(() => {});
    await before;
    await run(asked, followQuestion(asked), ({ conversation }) => read(conversation));
  };
  const run = async (asked, events, settled = settle) => {
    setFault(undefined);
    let state = { ...asked, steps: [], draft: '' };
    setUnderWay(state);
    try {
      for await (const event of events) {
        state = takeEvent(state, event);
        setUnderWay(state);
        if (event.type === 'RUN_STARTED' && asked.conversation === undefined) show(event.threadId);
      }
      // Somebody may look at another conversation by now.
      if (shown.current === state.conversation) await settled(state);
    } catch (error) {
      setFault(faultText(error));
    }
    setUnderWay(undefined);
    setEntry(undefined);
    await loadList();
  };
  const ask = (question) => {
    if (underWay !== undefined) return;
    const asked = { id: createId(), question, conversation: current };
    void run(asked, askQuestion(asked));
  };
  const goHome = (event) => {
    event.preventDefault();
    open(undefined);
  };

  useEffect(() => {
    void loadList();
    const asked = pending.read();
    if (current !== undefined && current !== asked?.conversation) void guard(read(current));
    if (asked !== null) void guard(resume(asked));
    const onBack = () => open(idInAddress());
    addEventListener('popstate', onBack);
    return () => removeEventListener('popstate', onBack);
  }, []);
  /** A long answer is shown from its question on. */
  useEffect(() => {
    const last = end.current?.parentElement.querySelector('.exchange:last-of-type');
    const isLong = last && last.offsetHeight > last.parentElement.clientHeight;
    (isLong ? last : end.current)?.scrollIntoView({ block: isLong ? 'start' : 'end' });
  }, [exchanges.length, underWay?.question]);

  const rename = (id, title) =>
    guard(
      api('PATCH', `/api/v1/conversations/${id}`, { title })
        .then(loadList)
        .then(() => id === current && read(id)),
    );
  const remove = (id) =>
    guard(
      api('DELETE', `/api/v1/conversations/${id}`)
        .then(loadList)
        .then(() => id === current && open(undefined)),
    );
  const branch = (turns) =>
    guard(
      api('POST', `/api/v1/conversations/${current}/branch`, { turns }).then(async ({ id }) => {
        await loadList();
        open(id);
      }),
    );
  const more = () =>
    guard(
      api('GET', `/api/v1/conversations?limit=${PAGE}&page_token=${list.next_page_token}`).then((page) =>
        setList({ ...page, conversations: [...list.conversations, ...page.conversations] }),
      ),
    );
  const signOut = () => guard(api('POST', '/logout').then(onSignedOut));

  const isHere = underWay !== undefined && underWay.conversation === current;
  const canAsk = underWay === undefined ? ask : undefined;
  const base = `/api/v1/conversations/${current}`;
  // Kept as drawn, so that a draft that grows does not draw a long conversation again and again.
  const settledOnes = useMemo(
    () =>
      exchanges.map(
        ({ question, answer }, n) => html`<article class="exchange" key=${n}>
        <div class="question"><h2>${question}</h2>${underWay === undefined && answer.status !== 'error' && html`<button type="button" class="branch" title="Go on from here in another conversation" aria-label=${`Branch after question ${n + 1}`} onClick=${() => branch(n + 1)}>Branch</button>`}</div>
        <${Answer} answer=${answer} base=${base} ask=${canAsk} /></article>`,
      ),
    [exchanges, current, underWay === undefined],
  );
  return html`<a class="skip" href="#question">To the question</a>
  <div class="frame">
    <header class="bar">
      <button type="button" class="menu" aria-expanded=${isListOpen} aria-controls="side" onClick=${() => setListOpen(!isListOpen)}>☰<span class="hidden">Conversations</span></button>
      <h1><a href="/" onClick=${goHome}>Runsight</a></h1>
      <p class="store" title=${session.store}>${session.store}</p>
      ${current !== undefined && exchanges.length > 0 && html`<${Share} key=${current} id=${current} />`}
      <button type="button" onClick=${turnTheme} title="Dark or light" aria-label="Dark or light">◐</button>
      ${session.needs_login && html`<button type="button" onClick=${signOut} title=${session.owner}>Sign out</button>`}
    </header>
    <aside id="side" class=${isListOpen ? 'open' : undefined}><${Conversations} list=${list} current=${current} onOpen=${open} onNew=${() => open(undefined)} onRename=${rename} onDelete=${remove} onMore=${more} /></aside>
    <main class="thread" id="thread">
      ${current === undefined && exchanges.length === 0 && !isHere && html`<${Welcome} ask=${canAsk} />`}
      ${settledOnes}
      ${entry?.interrupted && underWay === undefined && html`<p class="warning">Interrupted: “${entry.interrupted}” <button type="button" onClick=${() => ask(entry.interrupted)}>Ask it again</button></p>`}
      ${
        isHere &&
        html`<article class="exchange" aria-busy="true"><div class="question"><h2>${underWay.question}</h2></div>
        <div class="progress" role="status"><span class="spinner" aria-hidden="true"></span>${underWay.isBroken ? 'The connection broke; trying again…' : (underWay.steps.at(-1) ?? 'Reading the question…')}</div>
        ${underWay.draft && html`<p class="draft">${underWay.draft}</p>`}</article>`
      }
      ${fault && html`<p class="fault" role="alert">${fault}</p>`}
      <p class="hidden" aria-live="polite">${exchanges.at(-1)?.isNew && underWay === undefined ? `Answered: ${exchanges.at(-1).answer.text.split('\n')[0]}` : ''}</p>
      <div ref=${end}></div>
    </main>
    <${Composer} box=${box} questions=${exchanges.map(({ question }) => question)} ask=${canAsk} stop=${underWay && (() => guard(stopQuestion(underWay.id)))} />
  </div>`;
}
