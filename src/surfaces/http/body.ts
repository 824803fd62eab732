/** Reads a request's body, which is JSON or nothing, up to a limit. */
import { HttpError } from './http-error.ts';

const JSON_TYPE = /^application\/json(?:\s*;\s*charset\s*=\s*"?utf-8"?)?$/i;

/** Forms and plain text are what a page elsewhere can send without asking. @throws HttpError 415, 413 */
export async function readBody(request: Request, limit: number): Promise<Uint8Array> {
  const type = request.headers.get('content-type');
  if (type !== null && !JSON_TYPE.test(type.trim())) throw notJson();
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw tooLarge(limit);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  if (size > 0 && type === null) throw notJson();
  return Buffer.concat(chunks);
}

/** Undefined where there is none. @throws HttpError 400 */
export function parseJson(body: Uint8Array): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new HttpError(400, 'invalid_request', 'the body is no JSON in UTF-8');
  }
}

function notJson(): HttpError {
  return new HttpError(415, 'unsupported_media_type', 'the body is not declared as JSON', {
    hint: 'Send "Content-Type: application/json".',
  });
}

function tooLarge(limit: number): HttpError {
  return new HttpError(413, 'too_large', `the body has more than ${limit} bytes`);
}
