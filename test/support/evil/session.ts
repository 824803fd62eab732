/** One conversation with a model behind the Messages API, and everything that came of it. */
import { createConversation } from '../../../src/agent/conversation/conversation.ts';
import type { Answer } from '../../../src/agent/events.ts';
import { type AgentDeps, ask } from '../../../src/agent/loop.ts';
import { renderAnswer } from '../../../src/present/answer.ts';
import { renderExplanation } from '../../../src/present/explanation.ts';
import { exportFindings } from '../../../src/present/export.ts';
import { answerJson } from '../../../src/present/json.ts';
import { jsonText } from '../../../src/present/json-text.ts';
import type { Screen } from '../../../src/present/style.ts';
import { explainAnswer } from '../../../src/present/why.ts';
import { describeFault } from '../../../src/surfaces/shared/faults.ts';

const PLAIN: Screen = { width: 80, color: false, unicode: true, hyperlinks: false };
const RICH: Screen = { width: 100, color: true, unicode: true, hyperlinks: true };

export interface Outputs {
  readonly terminal: string;
  /** With colours and links. */
  readonly rich: string;
  readonly markdown: string;
  readonly csv: string;
  readonly json: string;
}

export interface Turn {
  readonly question: string;
  readonly ms: number;
  readonly answer?: Answer | undefined;
  /** What was thrown: nothing may be. */
  readonly thrown?: unknown;
  /** Findings of the whole conversation until then. */
  readonly findings: number;
}

/** Asks one question after the other, whatever comes. */
export async function* converse(questions: readonly string[], deps: AgentDeps): AsyncGenerator<Turn> {
  const conversation = createConversation();
  for (const question of questions) {
    const began = performance.now();
    const earlier = conversation.findings.length;
    try {
      const answer = await answerTo(question, conversation, deps);
      const ms = performance.now() - began;
      yield { question, ms, answer, findings: earlier + answer.findings.length };
    } catch (thrown) {
      yield { question, ms: performance.now() - began, thrown, findings: earlier };
    }
  }
}

async function answerTo(question: string, conversation: ReturnType<typeof createConversation>, deps: AgentDeps) {
  const asking = ask(question, conversation, deps, new AbortController().signal);
  for (;;) {
    const next = await asking.next();
    if (!next.done) continue;
    next.value.commit();
    return next.value.answer;
  }
}

/** On every sink that is there. */
export function render(answer: Answer): Outputs {
  const why = explainAnswer(answer);
  const draw = (screen: Screen) =>
    [...renderAnswer(answer, 'store', screen), ...renderExplanation(why, screen)].join('\n');
  const fault = answer.error === undefined ? '' : describeFault(answer.error);
  return {
    terminal: `${draw(PLAIN)}\n${fault}`,
    rich: draw(RICH),
    markdown: [...exportFindings(answer.findings, 'md').pieces].join(''),
    csv: [...exportFindings(answer.findings, 'csv').pieces].join(''),
    json: jsonText(answerJson(answer)),
  };
}
