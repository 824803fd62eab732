/** Links into the MLflow UI, built only from ids that look like ids. */

import type { Link } from '../../finding/finding.ts';
import type { Named } from '../../finding/refs.ts';
import type { ToolContext } from './context.ts';

const ID = /^[A-Za-z0-9][\w-]{0,63}$/;

function link(context: ToolContext, label: string, ids: readonly string[], route: string): Link[] {
  const { uiUrl, workspace } = context.store.capabilities;
  if (uiUrl === undefined || !ids.every((id) => ID.test(id))) return [];
  const mark = route.includes('?') ? '&' : '?';
  const query = workspace === undefined ? '' : `${mark}workspace=${encodeURIComponent(workspace)}`;
  return [{ label, url: `${uiUrl}${route}${query}` }];
}

export function experimentLink(context: ToolContext, id: string): Link[] {
  return link(context, 'experiment', [id], `/experiments/${id}`);
}

export function runLink(context: ToolContext, experimentId: string, run: Named): Link[] {
  return link(
    context,
    run.name || run.id.slice(0, 8),
    [experimentId, run.id],
    `/experiments/${experimentId}/runs/${run.id}`,
  );
}

export function compareLink(context: ToolContext, experimentIds: readonly string[], runIds: readonly string[]): Link[] {
  const list = (ids: readonly string[]) => encodeURIComponent(JSON.stringify(ids));
  const route = `/compare-runs?runs=${list(runIds)}&experiments=${list([...new Set(experimentIds)])}`;
  return link(context, 'compare', [...experimentIds, ...runIds], route);
}
