/** What a program can say when it makes a Runsight, and what that means to the app. */
import type { Model } from '../../agent/models/model.ts';
import type { AppParts } from '../../app/create-app.ts';
import { type Config, type Environment, type ModelChoice, readConfig } from '../../config/config.ts';
import type { ConversationPlace } from '../../conversations/open.ts';
import type { TrackingStore } from '../../mlflow/runs/tracking-store.ts';
import type { Tool } from '../../tools/define/tool.ts';

/** All are optional: what is not said is taken from the environment and the config file, as the program does. */
export interface RunsightOptions {
  /** Where the runs are: `sqlite:///mlflow.db`, the path of a database or an mlruns folder, `https://server`, … Or a store of one's own, which `close()` leaves open. */
  readonly store?: string | TrackingStore | undefined;
  /** Name or id of the experiment that is meant where a question names none. */
  readonly experiment?: string | undefined;
  /** What reads questions: `offline`, `claude`, `auto` (the default), or a model of one's own. */
  readonly model?: ModelChoice | Model | undefined;
  /** Key for Claude. */
  readonly apiKey?: string | undefined;
  /** Which Claude, by its id. */
  readonly claudeModel?: string | undefined;
  /** Whose experiments alone there are, by their tag `tenant_id`; default: all. */
  readonly tenant?: string | undefined;
  /** Of one's own, made by `defineTool`, beside those that Runsight comes with. */
  readonly tools?: readonly Tool[] | undefined;
  /** Where conversations are kept: path of a SQLite file, or `postgresql://…`; default: in memory. */
  readonly conversations?: string | undefined;
  /** Whose conversations, as an `owner` of `runsight serve`; default: the local user. */
  readonly owner?: string | undefined;
  /** Instead of `process.env`. */
  readonly env?: Environment | undefined;
}

/** @throws ConfigError */
export function readOptions(options: RunsightOptions): { readonly config: Config; readonly parts: AppParts } {
  const { store, experiment, model, tools, tenant, env = process.env } = options;
  const ownStore = typeof store === 'object' ? store : undefined;
  const ownModel = typeof model === 'object' ? model : undefined;
  const flags = {
    uri: typeof store === 'object' ? store.capabilities.location : store,
    experiment,
    // One's own needs no key, and Claude is not asked beside it.
    model: typeof model === 'object' ? 'offline' : model,
  };
  const config = readConfig({ ...env, ...claudeVariables(options) }, flags);
  return { config, parts: { surface: 'library', isolated: true, tenant, tools, store: ownStore, model: ownModel } };
}

function claudeVariables({ apiKey, claudeModel }: RunsightOptions): Environment {
  return {
    ...(apiKey !== undefined && { ANTHROPIC_API_KEY: apiKey }),
    ...(claudeModel !== undefined && { RUNSIGHT_CLAUDE_MODEL: claudeModel }),
  };
}

export function placeOf(conversations: string | undefined): ConversationPlace {
  const isAddress = conversations !== undefined && /^postgres(?:ql)?:\/\//.test(conversations);
  return isAddress ? { address: conversations } : { file: conversations };
}
