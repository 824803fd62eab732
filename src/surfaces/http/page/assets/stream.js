/** A question under way: its events as they come, also after a connection that broke. */
import { ApiError, api, send } from './api.js';

const WAITS_MS = [500, 1_000, 2_000, 4_000, 8_000];
const EVENTS = { Accept: 'text/event-stream' };
const KEY = 'runsight.question';

/** What this tab waits for; a reload finds it here. */
export const pending = {
  read: () => JSON.parse(sessionStorage.getItem(KEY) ?? 'null'),
  write: (asked) => sessionStorage.setItem(KEY, JSON.stringify(asked)),
  clear: () => sessionStorage.removeItem(KEY),
};

/** @param asked `{ id, question, conversation }` */
export async function* askQuestion(asked) {
  pending.write(asked);
  const { id, question, conversation } = asked;
  const body = { id, question, keep: true, ...(conversation && { conversation }) };
  yield* untilEnd(asked, () => send('POST', '/api/v1/ask', body, { headers: EVENTS }));
}

/** Of a question that was asked before this page was loaded. */
export async function* followQuestion(asked) {
  yield* untilEnd(asked, () => follow(asked.id, 0));
}

export const stopQuestion = (id) =>
  api('POST', `/api/v1/ask/${id}/cancel`).catch((error) => {
    // It may not have arrived yet: the server remembers.
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
  });

const follow = (id, seen) =>
  send('GET', `/api/v1/ask/${id}/events`, undefined, { headers: { ...EVENTS, 'Last-Event-ID': String(seen) } });

async function* untilEnd({ id }, open) {
  let seen = 0;
  let next = open;
  for (let tries = 0; ; tries++) {
    try {
      const response = await next();
      for await (const event of eventsOf(response.body)) {
        seen = event.number ?? seen + 1;
        tries = 0;
        yield event.data;
        if (event.data.type === 'RUN_FINISHED' || event.data.type === 'RUN_ERROR') return pending.clear();
      }
    } catch (error) {
      if (error instanceof ApiError || tries >= WAITS_MS.length) {
        pending.clear();
        throw error;
      }
    }
    if (tries >= WAITS_MS.length) throw new TypeError('the connection broke');
    yield { type: 'RECONNECTING' };
    await new Promise((resolve) => setTimeout(resolve, WAITS_MS[tries]));
    next = () => follow(id, seen);
  }
}

async function* eventsOf(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += value;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const lines = text.slice(0, end).split('\n');
      text = text.slice(end + 2);
      const field = (name) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
      const data = field('data');
      const number = field('id');
      if (data !== undefined) yield { data: JSON.parse(data), number: number && Number(number) };
    }
  }
}
