/** Requests to the server that this page came from. */

export class ApiError extends Error {
  constructor(status, { code = 'failed', message, hint } = {}, retryAfter) {
    super(message ?? `the server answered ${status}`);
    this.status = status;
    this.code = code;
    this.hint = retryAfter ? `Try again in ${retryAfter} s.` : hint;
  }
}

/** In one line, with what mends it. */
export const faultText = (error) =>
  error instanceof ApiError
    ? [error.message, error.hint].filter(Boolean).join('. ')
    : error instanceof TypeError
      ? 'the server cannot be reached: is it still running?'
      : error.message;

async function toError(response) {
  const body = await response.json().catch(() => ({}));
  return new ApiError(response.status, body.error, response.headers.get('Retry-After'));
}

/** The JSON of a reply; undefined where it has none. @throws ApiError */
export async function api(method, path, body) {
  const response = await send(method, path, body);
  return response.status === 204 ? undefined : response.json();
}

/** @throws ApiError */
export async function send(method, path, body, { signal, headers = {} } = {}) {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const type = body === undefined ? {} : { 'Content-Type': 'application/json' };
  const response = await fetch(path, { method, signal, ...sent, headers: { ...type, ...headers } });
  if (!response.ok) throw await toError(response);
  return response;
}
