/** Checks a final text against the findings; the model may mend it once, and what is left is marked. */
import type { Finding } from '../finding/finding.ts';
import { collectEvidence, type Evidence } from './check/evidence.ts';
import { checkText, isRepairNote, repairNote } from './check/number-check.ts';
import type { Ending } from './ending.ts';
import type { AgentEvent } from './events.ts';
import { ModelError, type ModelTurn } from './models/model.ts';
import type { Question } from './question.ts';
import { takeTurn } from './turn.ts';

export async function* verify(
  question: Question,
  ending: Ending & { readonly turn: ModelTurn },
): AsyncGenerator<AgentEvent, Ending, undefined> {
  const { turn } = ending;
  if (isRefusal(turn)) return ending;
  const evidence = evidenceOf(question, question.draft.findings);
  const checked = checkText(turn.text, evidence);
  // A verdict says that code worded the text: there is nobody to mend it.
  const mends = checked.unsupported.length > 0 && turn.verdict === undefined && question.deps.model.canRepair;
  if (!mends) return { ...ending, checked };
  const mended = yield* repair(question, checked.unsupported);
  if (mended === undefined || mended.text === '') return { ...ending, checked };
  const second = checkText(mended.text, evidence);
  return second.unsupported.length > checked.unsupported.length
    ? { ...ending, checked }
    : { ...ending, turn: mended, checked: second };
}

/** Refusals of code name what a store has, without a finding; those of a model that talks freely are checked. */
function isRefusal({ verdict, stop }: ModelTurn): boolean {
  return stop === 'refusal' || (verdict !== undefined && verdict.status !== 'answered' && verdict.status !== 'partial');
}

/** Undefined where the model could not: the first text then stands, marked. */
async function* repair(
  question: Question,
  unsupported: readonly string[],
): AsyncGenerator<AgentEvent, ModelTurn | undefined, undefined> {
  const { messages } = question.draft;
  const before = messages.length;
  messages.push({ role: 'user', text: repairNote(unsupported) });
  try {
    const turn = yield* takeTurn(question, [], question.deadlines.closing);
    if (turn.calls.length === 0 && turn.stop === 'end') return turn;
  } catch (error) {
    question.user.throwIfAborted();
    if (!(error instanceof ModelError) && !question.deadlines.closing.aborted) throw error;
  }
  messages.length = before;
  return undefined;
}

/** Whether a text says anything that stands in a finding, of this question or an earlier one, and nowhere else. */
export function restsOnFindings(question: Question, text: string): boolean {
  const withFindings = checkText(text, evidenceOf(question, question.draft.findings));
  const without = checkText(text, evidenceOf(question, []));
  return without.unsupported.length > withFindings.unsupported.length;
}

function evidenceOf({ draft, context, failures, deps }: Question, findings: readonly Finding[]): Evidence {
  const asked = draft.messages.flatMap((message) => (message.role === 'user' ? [message.text] : []));
  const reasons = failures.flatMap(({ message, hint, choices }) => [
    message,
    hint ?? '',
    ...choices.flatMap(({ value, label }) => [`\`${value}\``, label]),
  ]);
  return collectEvidence({
    findings,
    questions: asked.filter((text) => !isRepairNote(text)),
    texts: [...reasons, ...deps.tools.map((tool) => tool.name)],
    now: context.now,
    timeZone: context.timeZone,
  });
}
