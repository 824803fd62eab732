/** The one write of the API: a new experiment, where the server was started with leave to write. */
import * as z from 'zod';
import { createExperiment } from '../../../app/create-experiment.ts';
import type { Config } from '../../../config/config.ts';
import { StoreError } from '../../../mlflow/errors.ts';
import { HttpError } from '../http-error.ts';
import { defineRoute } from '../route.ts';

const KEY = /^[\x21-\x7e]{1,255}$/;
/** What is wrong with the request, and not with the store. */
const REFUSED = ['invalid_request', 'unsupported_source', 'request_refused'];

export const createExperimentRoute = (config: Config) =>
  defineRoute({
    method: 'POST',
    path: '/api/v1/ml/experiments',
    tag: 'tracking',
    summary:
      'Create an experiment: only where the server was started with --allow-writes, and through a tracking server. The same Idempotency-Key again is the same request.',
    body: z.strictObject({
      name: z.string().min(1).max(500),
      description: z.string().max(5_000).optional().describe('Markdown.'),
      tags: z.record(z.string().max(250), z.string().max(5_000)).optional(),
    }),
    replies: { 201: { description: 'It is there.', schema: z.object({ id: z.string(), name: z.string() }) } },
    faults: [403, 409, 422, 503, 504],
    async answer({ body: { name, description, tags = {} } }, { caller, idempotencyKey, signal }) {
      if (!config.allowWrites)
        throw new HttpError(403, 'writes_not_allowed', 'this server only reads', {
          hint: 'Whoever runs it can start it with --allow-writes.',
        });
      if (idempotencyKey !== undefined && !KEY.test(idempotencyKey))
        throw new HttpError(400, 'invalid_request', 'the Idempotency-Key is not 1 to 255 visible characters');
      const { tenant, owner } = caller;
      const key = idempotencyKey && JSON.stringify([tenant ?? null, owner, idempotencyKey]);
      try {
        const created = await createExperiment(config, { name, description, tags }, { tenant, key, signal });
        return { status: 201, body: created };
      } catch (error) {
        if (!(error instanceof StoreError && REFUSED.includes(error.code))) throw error;
        const hint = error.hint === undefined ? {} : { hint: error.hint };
        throw new HttpError(422, error.code, error.message, hint);
      }
    },
  });
