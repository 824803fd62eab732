/** The OpenAPI 3.1 document, made from the routes' own schemas. */
import * as z from 'zod';
import { ErrorRecord } from './http-error.ts';
import type { Route, RouteReply } from './route.ts';

export type OpenApiPart = { readonly [key: string]: unknown };

/** What every route may answer that is behind the checks. */
const COMMON_FAULTS = [400, 401, 403, 405, 413, 415, 429];

const FAULTS: Readonly<Record<number, string>> = {
  400: 'What was sent does not fit.',
  401: 'A token is needed.',
  403: 'Another host or origin.',
  404: 'There is no such thing.',
  405: 'Another method is meant.',
  409: 'It could mean several things, or was changed meanwhile.',
  413: 'The body is too large.',
  415: 'The body is not JSON.',
  422: 'The data does not allow it.',
  429: 'Too much at once: wait as Retry-After says.',
  503: 'The store, or where conversations are kept, cannot be reached.',
  504: 'The store took too long.',
};

export function openApiDocument(routes: readonly Route[], version: string): OpenApiPart {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes.filter(({ isUnlisted }) => isUnlisted !== true)) {
    paths[route.path] ??= {};
    paths[route.path]![route.method.toLowerCase()] = operationOf(route);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Runsight',
      version,
      description: 'Ask MLflow experiments anything, and read them, over HTTP.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    security: [{ bearer: [] }, {}],
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      schemas: { Error: schemaOf(ErrorRecord, 'output') },
    },
  };
}

function operationOf(route: Route): OpenApiPart {
  const { method, path, summary, tag, params, query, body, bodySchema, replies, faults = [] } = route;
  const id = `${method.toLowerCase()}${path.replace(/^\/api\/v1/, '').replace(/[^a-z0-9]+/gi, '_')}`;
  return {
    operationId: id.replace(/_$/, ''),
    summary,
    tags: [tag],
    parameters: [...parametersOf(params, 'path'), ...parametersOf(query, 'query')],
    ...(body !== undefined && {
      requestBody: { required: !body.isOptional(), content: jsonContent(bodySchema ?? schemaOf(body, 'input')) },
    }),
    responses: {
      ...Object.fromEntries(Object.entries(replies).map(([status, reply]) => [status, replyOf(reply, path, status)])),
      ...Object.fromEntries([...COMMON_FAULTS, ...faults].map((status) => [String(status), faultReply(status)])),
      default: faultReply(500),
    },
  };
}

const jsonContent = (schema: OpenApiPart) => ({ 'application/json': { schema } });

function replyOf({ description, schema, types = [] }: RouteReply, path: string, status: string): OpenApiPart {
  if (types.length > 0) {
    const media = (type: string) => (type.startsWith('application/json') ? {} : { schema: { type: 'string' } });
    return { description, content: Object.fromEntries(types.map((type) => [type.split(';')[0], media(type)])) };
  }
  if (schema === undefined) return { description };
  const isStreamed = path === '/api/v1/ask' && status === '200';
  const stream = isStreamed ? { 'text/event-stream': { schema: { type: 'string' } } } : {};
  return { description, content: { ...jsonContent(schemaOf(schema, 'output')), ...stream } };
}

function faultReply(status: number): OpenApiPart {
  return {
    description: FAULTS[status] ?? 'Something failed here.',
    content: jsonContent({ $ref: '#/components/schemas/Error' }),
  };
}

function parametersOf(schema: z.ZodObject | undefined, place: 'path' | 'query'): OpenApiPart[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    readonly properties?: Readonly<Record<string, { readonly description?: string }>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, { description, ...field }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description !== undefined && { description }),
    schema: field,
  }));
}

/** Zod's own target "openapi-3.1" gives an older draft; 2020-12 is what OpenAPI 3.1 means. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): OpenApiPart {
  const { $schema: _, '~standard': __, ...json } = z.toJSONSchema(schema, { io }) as Record<string, unknown>;
  return json;
}
