/** Responses as they are sent. */
import { jsonText } from '../../present/json-text.ts';
import type { HttpReply } from './route.ts';
import type { JobOutcome } from './workplace.ts';

const JSON_TYPE = { 'Content-Type': 'application/json; charset=utf-8' };

export function jsonResponse(status: number, body: unknown, headers: HttpReply['headers'] = {}): Response {
  return new Response(`${jsonText(body)}\n`, { status, headers: { ...JSON_TYPE, ...headers } });
}

export function outcomeResponse({ status, headers = {}, text }: Extract<JobOutcome, { kind: 'reply' }>): Response {
  const type = text === null ? {} : JSON_TYPE;
  return new Response(text as string | Uint8Array<ArrayBuffer> | null, { status, headers: { ...type, ...headers } });
}

export function replyResponse({ status = 200, headers = {}, body }: HttpReply): Response {
  return body === undefined ? new Response(null, { status, headers }) : jsonResponse(status, body, headers);
}

export function htmlResponse(page: string, policy: string): Response {
  return new Response(page, {
    headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': policy },
  });
}

/** As Prometheus wants it. */
export function metricsResponse(text: string): Response {
  return new Response(text, { headers: { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' } });
}

/** The same response; `done` is called when its body has been sent, or nobody reads it any more. */
export function whenSent(response: Response, done: () => void): Response {
  const { body, status, headers } = response;
  if (body === null) {
    done();
    return response;
  }
  const reader = body.getReader();
  const watched = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done: isLast, value } = await reader.read();
      if (!isLast) return controller.enqueue(value);
      done();
      controller.close();
    },
    async cancel(reason) {
      done();
      await reader.cancel(reason);
    },
  });
  return new Response(watched, { status, headers });
}
