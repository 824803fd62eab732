/** Checks what a model worded freely against the findings; it may mend its text once, and what is left is marked. */
import { readReference } from '../query/reference.ts';
import type { CheckedText } from './check/check-text.ts';
import type { EvidenceSources } from './check/evidence.ts';
import { isRepairNote, repairNote } from './check/repair-note.ts';
import type { Ending } from './ending.ts';
import type { AgentEvent } from './events.ts';
import { ModelError, type ModelTurn } from './models/model.ts';
import { splitStatus } from './prompt.ts';
import { isReason, type Question } from './question.ts';
import { takeTurn } from './turn.ts';

export async function* verify(
  question: Question,
  ending: Ending & { readonly turn: ModelTurn },
): AsyncGenerator<AgentEvent, Ending, undefined> {
  const checked = await checkTurn(question, ending.turn);
  if (checked === undefined) return ending;
  if (checked.unsupported.length === 0 || !question.deps.model.canRepair) return { ...ending, checked };
  return { ...ending, checked, ...(yield* repair(question, checked.unsupported)) };
}

/** Undefined where there is nothing of the model's own: code worded it, or it declined, or it said nothing. */
async function checkTurn(question: Question, { text, verdict, stop }: ModelTurn): Promise<CheckedText | undefined> {
  const words = splitStatus(text).text;
  if (verdict !== undefined || stop === 'refusal' || words === '') return undefined;
  // Only words of a remote model are checked: nobody else waits for this to load.
  const [{ checkText }, { collectEvidence }] = await Promise.all([
    import('./check/check-text.ts'),
    import('./check/evidence.ts'),
  ]);
  return checkText(words, collectEvidence(sourcesOf(question)));
}

/** The mended text, where it is better; otherwise the talk goes on as if it had never been asked for. */
async function* repair(
  question: Question,
  unsupported: readonly string[],
): AsyncGenerator<AgentEvent, Pick<Ending, 'turn' | 'checked'>, undefined> {
  const { messages } = question.draft;
  const before = messages.length;
  messages.push({ role: 'user', text: repairNote(unsupported) });
  try {
    const turn = yield* takeTurn(question, [], question.deadlines.closing);
    const checked = turn.calls.length === 0 && turn.stop === 'end' ? await checkTurn(question, turn) : undefined;
    if (checked !== undefined && checked.unsupported.length < unsupported.length) return { turn, checked };
  } catch (error) {
    question.user.throwIfAborted();
    if (!(error instanceof ModelError) && !question.deadlines.closing.aborted) throw error;
  }
  messages.length = before;
  return {};
}

function sourcesOf({ draft, context, failures, deps }: Question): EvidenceSources {
  const asked = draft.messages.flatMap((message) => (message.role === 'user' ? [message.text] : []));
  // What a server said, or was sent in vain, is no reason of ours.
  const reasons = failures
    .filter(isReason)
    .flatMap(({ message, hint, choices }) => [
      message,
      hint ?? '',
      ...choices.flatMap(({ value, label }) => [`\`${readReference(value).text}\``, label]),
    ]);
  return {
    findings: draft.findings,
    questions: asked.filter((text) => !isRepairNote(text)),
    texts: [...reasons, ...deps.tools.map((tool) => tool.name)],
    now: context.now,
    timeZone: context.timeZone,
  };
}
