/** What the command line says to this surface. */
import type { ConfigFlags } from '../../config/config.ts';

export interface McpFlags extends ConfigFlags {
  readonly http?: boolean | undefined;
  readonly host?: string | undefined;
  readonly port?: string | undefined;
  readonly tools?: string | undefined;
  readonly remove?: boolean | undefined;
  readonly yes?: boolean | undefined;
}
