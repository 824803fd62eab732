/** Faults as every route answers them: `{ error: { code, message, hint, request_id } }`, without a stack trace. */
import * as z from 'zod';
import { ConversationError, type ConversationErrorCode } from '../../agent/conversation/codec.ts';
import { StoreError, type StoreErrorCode } from '../../mlflow/errors.ts';
import { ToolError, type ToolErrorCode } from '../../tools/define/errors.ts';

export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly code: string;
  readonly hint: string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    { hint, headers = {} }: { readonly hint?: string; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.hint = hint;
    this.headers = headers;
  }
}

export const ErrorRecord = z
  .object({
    error: z.object({
      code: z.string().describe('Stable; what programs go by.'),
      message: z.string(),
      hint: z.string().optional().describe('The mend, in a sentence.'),
      choices: z
        .array(z.object({ slot: z.string(), value: z.string(), label: z.string() }))
        .optional()
        .describe('Ways to settle what could mean several things.'),
      request_id: z.string(),
    }),
  })
  .describe('What failed.');

const TOOL_STATUS: Readonly<Record<ToolErrorCode, number>> = {
  invalid_input: 400,
  invalid_filter: 400,
  unknown_tool: 404,
  unknown_experiment: 404,
  unknown_run: 404,
  unknown_metric: 404,
  unknown_param: 404,
  unknown_key: 404,
  ambiguous_experiment: 409,
  ambiguous_run: 409,
  ambiguous_metric: 409,
  ambiguous_direction: 409,
  no_data: 422,
  too_few: 422,
  unsupported: 422,
};

const CONVERSATION_STATUS: Readonly<Record<ConversationErrorCode, number>> = {
  damaged_conversation: 409,
  conversation_version: 409,
  conversation_changed: 409,
  conversations_unreachable: 503,
};

/** Of the others it is the store that fails. */
const STORE_STATUS: { readonly [code in StoreErrorCode]?: number } = {
  source_timeout: 504,
  may_be_written: 504,
  already_exists: 409,
  key_reused: 422,
};
const RETRY_SECONDS = '5';

export interface Fault {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: z.output<typeof ErrorRecord>;
}

/** Undefined where the fault is our own: what it says is for the log alone. */
function describeHttpFault(error: unknown, requestId: string): Fault | undefined {
  const make = (status: number, code: string, message: string, hint: string | undefined, more = {}): Fault => ({
    status,
    headers: error instanceof HttpError ? error.headers : status === 503 ? { 'Retry-After': RETRY_SECONDS } : {},
    body: { error: { code, message, ...(hint !== undefined && { hint }), ...more, request_id: requestId } },
  });
  if (error instanceof HttpError) return make(error.status, error.code, error.message, error.hint);
  if (error instanceof ToolError) {
    const choices = error.choices.length > 0 ? { choices: [...error.choices] } : {};
    return make(TOOL_STATUS[error.code], error.code, error.message, error.hint, choices);
  }
  if (error instanceof StoreError) return make(STORE_STATUS[error.code] ?? 503, error.code, error.message, error.hint);
  if (error instanceof ConversationError)
    return make(CONVERSATION_STATUS[error.code], error.code, error.message, undefined);
  return undefined;
}

/** As above; a fault of our own is logged with its stack, and answered with the request's id alone. */
export function httpFaultOf(
  error: unknown,
  requestId: string,
  log: (record: Readonly<Record<string, unknown>>) => void,
): Fault {
  const isTimeout = error instanceof Error && error.name === 'TimeoutError';
  const meant = isTimeout ? new HttpError(504, 'timeout', 'it took too long') : error;
  const described = describeHttpFault(meant, requestId);
  if (described !== undefined) return described;
  const fault = error instanceof Error ? error.stack : String(error);
  log({ time: new Date().toISOString(), request_id: requestId, fault });
  return internalFault(requestId);
}

function internalFault(requestId: string): Fault {
  const message = 'something failed that should not have: the log of the server tells more under the request id';
  return { status: 500, headers: {}, body: { error: { code: 'internal', message, request_id: requestId } } };
}
