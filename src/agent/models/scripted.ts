/** A model that replays a script, for tests and rehearsals: whatever the script does not foresee is an error. */
import type { Model, ModelEvent, ModelRequest, ModelTurn } from './model.ts';

/** One reply. `calls` without ids get `call-1`, `call-2`, …; `usage` defaults to nothing spent. */
export interface ScriptedTurn {
  readonly text?: string;
  readonly calls?: readonly { readonly id?: string; readonly name: string; readonly input: unknown }[];
  readonly stop?: ModelTurn['stop'];
  readonly verdict?: ModelTurn['verdict'];
  readonly usage?: Partial<ModelTurn['usage']>;
  /** Thrown instead of a reply. */
  readonly error?: Error;
}

/** A function may look at the request, and throw where it is not the one expected. */
export type ScriptStep = ScriptedTurn | ((request: ModelRequest) => ScriptedTurn);

export interface ScriptedModel extends Model {
  /** Every request so far, as it was when it came. */
  readonly requests: readonly ModelRequest[];
  /** @throws Error when part of the script was never used. */
  assertFinished(): void;
}

export function createScriptedModel(
  script: readonly ScriptStep[],
  options: { readonly name?: string; readonly canRepair?: boolean } = {},
): ScriptedModel {
  const { name = 'scripted', canRepair = false } = options;
  const requests: ModelRequest[] = [];
  let calls = 0;

  async function* respond(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
    signal.throwIfAborted();
    const step = script[requests.length];
    requests.push({ system: request.system, messages: [...request.messages], tools: request.tools });
    if (step === undefined)
      throw new Error(`the script has ${script.length} turns; turn ${requests.length} was asked for`);
    const scripted = typeof step === 'function' ? step(request) : step;
    if (scripted.error !== undefined) throw scripted.error;
    const turn = toTurn(scripted, name, () => `call-${++calls}`);
    if (turn.calls.length > 0 && request.tools.length === 0 && scripted.stop === undefined) {
      throw new Error(`the script calls ${turn.calls[0]?.name} in turn ${requests.length}, where no tools are offered`);
    }
    if (turn.text !== '') yield { type: 'text-delta', text: turn.text };
    yield { type: 'turn', turn };
  }

  function assertFinished(): void {
    const left = script.length - requests.length;
    if (left > 0) throw new Error(`${left} of ${script.length} scripted turns were never asked for`);
  }

  return { name, canRepair, requests, respond, assertFinished };
}

function toTurn(scripted: ScriptedTurn, model: string, nextId: () => string): ModelTurn {
  const calls = (scripted.calls ?? []).map((call) => ({ ...call, id: call.id ?? nextId() }));
  return {
    model,
    text: scripted.text ?? '',
    calls,
    stop: scripted.stop ?? (calls.length > 0 ? 'tools' : 'end'),
    usage: { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, requests: 0, ...scripted.usage },
    verdict: scripted.verdict,
  };
}
