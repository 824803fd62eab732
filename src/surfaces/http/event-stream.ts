/** Server-sent events from what happens, as fast as the client reads. */
import { jsonText } from '../../present/json-text.ts';
import type { AgUiEvent } from './ag-ui.ts';

/** Proxies close what is silent for long. */
const BEAT_MS = 15_000;
const BEAT = ': still there\n\n';

export interface EventStreamEnd {
  /** The client left before the end. */
  onGone(): void;
  /** Either way. */
  onEnd(): void;
}

export function eventStream(events: AsyncGenerator<AgUiEvent, void, undefined>, end: EventStreamEnd): Response {
  const encoder = new TextEncoder();
  let beat: NodeJS.Timeout | undefined;
  const finish = () => {
    clearInterval(beat);
    end.onEnd();
  };
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      beat = setInterval(() => controller.enqueue(encoder.encode(BEAT)), BEAT_MS).unref();
    },
    async pull(controller) {
      const next = await events.next();
      if (!next.done) return controller.enqueue(encoder.encode(`data: ${jsonText(next.value)}\n\n`));
      finish();
      controller.close();
    },
    async cancel() {
      end.onGone();
      finish();
      await events.return();
    },
  });
  return new Response(body, {
    headers: {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'X-Accel-Buffering': 'no',
    },
  });
}
