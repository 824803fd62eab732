/** Says with an answer that the store was written to while it was read. */

import type { FindingBody } from '../../finding/finding.ts';
import type { ToolContext } from './context.ts';

const TEXT =
  'the store was written to while it was read, the second time too: runs that were being logged may be counted in part';

export function sayChanged({ store }: ToolContext, body: FindingBody): FindingBody {
  if (!store.hasChanged?.()) return body;
  return { ...body, caveats: [...body.caveats, { code: 'CHANGED', text: TEXT }] };
}
