/** Input fields that tools share. */
import * as z from 'zod';

export const experiment = z.string().optional().describe('name or id; default: the whole store');

export const experiments = z
  .union([z.string(), z.array(z.string())])
  .optional()
  .describe('names or ids; default: the whole store');

export const filter = z.string().optional().describe("run filter, e.g. params.`model` = 'xgb' AND metrics.`f1` > 0.9");

export const lifecycle = z.enum(['active', 'deleted', 'all']).optional().describe('default active');

export const metricKey = z.string().optional().describe("metric key; default: the experiment's primary or only metric");
