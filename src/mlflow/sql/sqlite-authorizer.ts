/** What a statement may do at all: read the tables that are meant, with a few functions. */
import { constants } from 'node:sqlite';
import { ODD_ROW } from './sqlite-rows.ts';

/** What is read of runs; families of data add theirs. Secrets, gateway, job and webhook tables are not among them. */
export const RUN_TABLES: ReadonlySet<string> = new Set([
  'experiments',
  'experiment_tags',
  'runs',
  'tags',
  'params',
  'metrics',
  'latest_metrics',
  'datasets',
  'inputs',
  'input_tags',
  'alembic_version',
  'json_each',
  'sqlite_master',
]);
const FUNCTIONS: ReadonlySet<string> = new Set([
  'coalesce',
  'count',
  'group_concat',
  'json_each',
  'json_group_array',
  'like',
  'ifnull',
  'lower',
  'max',
  'min',
  'nullif',
  'octet_length',
  'row_number',
  'typeof',
  'last_number',
  'param_number',
  ODD_ROW,
]);
const PRAGMAS: ReadonlySet<string> = new Set([
  'data_version',
  'schema_version',
  'table_xinfo',
  'index_list',
  'index_info',
]);
type Authorizer = (action: number, first: string | null, second: string | null) => number;

export const authorize =
  (tables: ReadonlySet<string>): Authorizer =>
  (action, first, second) => {
    const allowed =
      action === constants.SQLITE_SELECT ||
      action === constants.SQLITE_RECURSIVE ||
      action === constants.SQLITE_TRANSACTION ||
      // Sub-queries and common table expressions of our own have no name here.
      (action === constants.SQLITE_READ && (!first || tables.has(first))) ||
      (action === constants.SQLITE_FUNCTION && FUNCTIONS.has(second ?? '')) ||
      (action === constants.SQLITE_PRAGMA && PRAGMAS.has(first ?? ''));
    return allowed ? constants.SQLITE_OK : constants.SQLITE_DENY;
  };
