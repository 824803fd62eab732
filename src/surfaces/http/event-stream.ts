/** Server-sent events, as fast as the client reads. */

/** Proxies close what is silent for long. */
const BEAT_MS = 15_000;
const BEAT = ': still there\n\n';

/**
 * @param from number of the first event, where they are numbered
 * @param onGone called when the client has left before the end
 */
export function eventStream(events: ReadableStream<string>, from: number | undefined, onGone: () => void): Response {
  const encoder = new TextEncoder();
  const reader = events.getReader();
  let next = from;
  let beat: NodeJS.Timeout | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      beat = setInterval(() => controller.enqueue(encoder.encode(BEAT)), BEAT_MS).unref();
    },
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (!done)
          return controller.enqueue(encoder.encode(`${next === undefined ? '' : `id: ${next++}\n`}data: ${value}\n\n`));
      } catch {
        // Its source is lost: the stream ends without its last event, which says enough.
      }
      clearInterval(beat);
      controller.close();
    },
    async cancel() {
      clearInterval(beat);
      onGone();
      await reader.cancel();
    },
  });
  const headers = { 'Content-Type': 'text/event-stream; charset=utf-8', 'X-Accel-Buffering': 'no' };
  return new Response(body, { headers });
}
