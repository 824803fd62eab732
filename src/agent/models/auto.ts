/** Offline when it understands the question, else the remote model where there is one, else what offline says. */
import { isQuestion } from '../conversation/exchanges.ts';
import {
  INTERRUPTED,
  type Message,
  type Model,
  ModelError,
  type ModelEvent,
  type ModelRequest,
  type ModelTurn,
} from './model.ts';

/** One of the two sees a question through: who began it is read off the conversation, so that one model serves many. */
export function createAutoModel(offline: Model, remote?: Model | undefined): Model {
  if (remote === undefined) return offline;

  async function* respond(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
    const speaker = speakerSince(request.messages);
    if (speaker === offline.name) return yield* offline.respond(request, signal);
    if (speaker === undefined) {
      const turn = await hearOffline(request, signal);
      if (turn.verdict?.reason === undefined) return yield* say(turn);
    }
    yield* askRemote(remote as Model, request, signal);
  }

  /**
   * Falls back to what offline says of the question, with a warning that says why the remote model did not answer. With the tools
   * off, last words or a mended text are wanted, and offline has none that would be better than what was found.
   */
  async function* askRemote(model: Model, request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
    if (request.tools.length === 0) return yield* model.respond(request, signal);
    let reason = `${model.name} declined to answer.`;
    let hasSpoken = false;
    try {
      for await (const event of model.respond(request, signal)) {
        if (event.type === 'turn' && event.turn.stop === 'refusal') {
          yield { type: 'spent', model: event.turn.model, usage: event.turn.usage };
          break;
        }
        yield event;
        if (event.type === 'turn') return;
        hasSpoken ||= event.type === 'text-delta' || event.type === 'thinking-delta';
      }
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      reason = `${model.name} could not be asked: ${error.message}`;
    }
    if (hasSpoken) yield INTERRUPTED;
    const question = request.messages.slice(0, request.messages.findLastIndex(isQuestion) + 1);
    const turn = await hearOffline({ ...request, messages: question }, signal);
    yield* say({ ...turn, warnings: [reason] });
  }

  async function hearOffline(request: ModelRequest, signal: AbortSignal): Promise<ModelTurn> {
    for await (const event of offline.respond(request, signal)) if (event.type === 'turn') return event.turn;
    throw new ModelError('bad_reply', `${offline.name} ended without an answer.`);
  }

  return { name: 'auto', canRepair: remote.canRepair, respond };
}

async function* say(turn: ModelTurn): AsyncGenerator<ModelEvent> {
  if (turn.text !== '') yield { type: 'text-delta', text: turn.text };
  yield { type: 'turn', turn };
}

/** Name of the model that has begun to answer the last question. */
function speakerSince(messages: readonly Message[]): string | undefined {
  const answers = messages.slice(messages.findLastIndex(isQuestion) + 1);
  const last = answers.findLast((message) => message.role === 'assistant');
  return last?.role === 'assistant' ? last.turn.model : undefined;
}
