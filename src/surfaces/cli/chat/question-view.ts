/** Shows a question at work below what was said: nothing for the first moment, then the draft as it grows. */
import type { AgentEvent } from '../../../agent/events.ts';
import type { Screen } from '../../../present/style.ts';
import { drawDraft, EMPTY_DRAFT, nextDraft, type StreamedText } from './draft.ts';
import { createLiveRegion } from './live-region.ts';

export interface QuestionView {
  show(event: AgentEvent): void;
  /** What is typed meanwhile. */
  setTyped(text: string): void;
  /** Draws anew, as after a change of size. */
  redraw(): void;
  /** Takes it away. */
  end(): void;
}

const FRAME_MS = 50;
/** An answer that comes sooner needs no sign of life. */
const DELAY_MS = 300;
const FALLBACK_ROWS = 24;
/** More would scroll away, out of reach, when the terminal becomes half as wide. */
const SHARE_OF_SCREEN = 2;

export function viewQuestion(stdout: NodeJS.WriteStream, screen: () => Screen): QuestionView {
  const region = createLiveRegion(stdout);
  const started = performance.now();
  let draft: StreamedText = EMPTY_DRAFT;
  let typed = '';
  let drawnAt = 0;
  let frame: NodeJS.Timeout | undefined;
  const draw = () => {
    clearTimeout(frame);
    frame = undefined;
    drawnAt = performance.now();
    const rows = Math.max(3, Math.floor((stdout.rows || FALLBACK_ROWS) / SHARE_OF_SCREEN));
    const seconds = Math.floor((drawnAt - started) / 1000);
    region.draw(drawDraft(draft, { screen: screen(), rows, seconds, typed }));
  };
  const isDue = () => drawnAt > 0 || draft.text !== '' || performance.now() - started >= DELAY_MS;
  const drawSoon = () => {
    if (!isDue()) return;
    // A long synchronous read holds timers up: what is late is drawn at once.
    if (drawnAt > 0 && performance.now() - drawnAt >= FRAME_MS) draw();
    else frame ??= setTimeout(draw, FRAME_MS);
  };
  const first = setTimeout(draw, DELAY_MS);
  const clock = setInterval(drawSoon, 1000);
  return {
    show(event) {
      draft = nextDraft(draft, event);
      drawSoon();
    },
    setTyped(text) {
      typed = text;
      drawSoon();
    },
    redraw() {
      if (drawnAt > 0) draw();
    },
    end() {
      clearTimeout(first);
      clearTimeout(frame);
      clearInterval(clock);
      region.erase();
    },
  };
}
