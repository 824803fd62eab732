/** The list of conversations: opened, renamed, deleted; older ones on demand. */
import { useState } from 'preact/hooks';
import { html } from './html.js';

export function Conversations({ list, current, onOpen, onNew, onRename, onDelete, onMore }) {
  return html`<nav class="conversations" aria-label="Conversations">
    <button type="button" class="main" onClick=${onNew}>New conversation</button>
    <ul>${list.conversations.map((entry) => html`<${Entry} key=${entry.id} entry=${entry} isCurrent=${entry.id === current} onOpen=${onOpen} onRename=${onRename} onDelete=${onDelete} />`)}</ul>
    ${list.next_page_token && html`<button type="button" onClick=${onMore}>Older ones</button>`}
  </nav>`;
}

function Entry({ entry, isCurrent, onOpen, onRename, onDelete }) {
  const [mode, setMode] = useState('shown');
  const rename = (event) => {
    event.preventDefault();
    onRename(entry.id, event.target.elements.title.value.trim());
    setMode('shown');
  };
  if (mode === 'renamed')
    return html`<li><form onSubmit=${rename} onKeyDown=${(event) => event.key === 'Escape' && setMode('shown')}>
      <input name="title" aria-label="Title" required maxlength="200" value=${entry.title} ref=${(input) => input?.focus()} />
      <button type="submit">Save</button></form></li>`;
  if (mode === 'deleted')
    return html`<li class="asked"><span>Delete it?</span>
      <button type="button" class="danger" onClick=${() => onDelete(entry.id)}>Delete</button>
      <button type="button" onClick=${() => setMode('shown')} ref=${(button) => button?.focus()}>Keep</button></li>`;
  return html`<li class=${isCurrent ? 'current' : undefined}>
    <a href="/?c=${entry.id}" aria-current=${isCurrent ? 'page' : undefined} title=${entry.title} onClick=${(event) => {
      event.preventDefault();
      onOpen(entry.id);
    }}>${entry.title}</a>
    <span class="tools">
      <button type="button" aria-label=${`Rename ${entry.title}`} title="Rename" onClick=${() => setMode('renamed')}>✎</button>
      <button type="button" aria-label=${`Delete ${entry.title}`} title="Delete" onClick=${() => setMode('deleted')}>✕</button>
    </span></li>`;
}
