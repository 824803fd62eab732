/** The box to ask in: Enter asks, Shift and Enter breaks the line, ↑ brings back the last question, Esc stops. */
import { useEffect, useState } from 'preact/hooks';
import { html } from './html.js';

const LONGEST = 10_000;

export function Composer({ box, questions, ask, stop }) {
  const [text, setText] = useState('');
  useEffect(() => {
    if (stop === undefined) box.current?.focus();
  }, [stop === undefined]);
  const send = () => {
    // What was typed last may not have been drawn yet.
    const question = box.current.value.trim();
    if (question === '' || !ask) return;
    setText('');
    ask(question);
  };
  const onSubmit = (event) => {
    event.preventDefault();
    send();
  };
  const onKey = (event) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    } else if (event.key === 'ArrowUp' && text === '' && questions.length > 0) {
      event.preventDefault();
      setText(questions.at(-1));
    } else if (event.key === 'Escape') stop?.();
  };
  return html`<form class="composer" onSubmit=${onSubmit}>
    <label class="hidden" for="question">Question</label>
    <textarea id="question" ref=${box} rows=${Math.min(6, text.split('\n').length)} maxlength=${LONGEST} placeholder="Which run has the best f1?" value=${text} onInput=${(event) => setText(event.target.value)} onKeyDown=${onKey}></textarea>
    ${stop ? html`<button type="button" class="stop" onClick=${stop}>Stop</button>` : html`<button type="submit" class="main" disabled=${text.trim() === ''}>Ask</button>`}
  </form>`;
}
