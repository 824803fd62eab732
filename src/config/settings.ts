/** Every setting in one table: which flag, environment variables and key of the config file make it, the first wins. */
import { Secret } from './secret.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What a command line may set. */
export interface ConfigFlags {
  readonly uri?: string | undefined;
  readonly experiment?: string | undefined;
  readonly model?: string | undefined;
  readonly 'allow-writes'?: boolean | undefined;
}

interface SettingRow {
  readonly flag?: keyof ConfigFlags;
  /** In the order they win. */
  readonly variables: readonly string[];
  /** Whether the config file may hold it, under the setting's own name. */
  readonly inFile?: boolean;
  readonly isSecret?: boolean;
  /** Whether an empty variable ends the search: it is how one proxy, or all of NO_PROXY, is switched off for a command. */
  readonly isEndedByEmpty?: boolean;
  /** Whether its scheme may be left out, as of proxies. */
  readonly isHttpByDefault?: boolean;
  /** What holds where nobody says anything. */
  readonly fallback?: string;
}

export const SETTINGS = {
  tracking_uri: { flag: 'uri', variables: ['MLFLOW_TRACKING_URI'], inFile: true },
  experiment: { flag: 'experiment', variables: ['MLFLOW_EXPERIMENT_NAME', 'MLFLOW_EXPERIMENT_ID'], inFile: true },
  model: { flag: 'model', variables: ['RUNSIGHT_MODEL'], inFile: true, fallback: 'auto' },
  anthropic_api_key: { variables: ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN'], inFile: true, isSecret: true },
  anthropic_base_url: { variables: ['ANTHROPIC_BASE_URL'], inFile: true },
  claude_model: { variables: ['RUNSIGHT_CLAUDE_MODEL'], inFile: true },
  mlflow_username: { variables: ['MLFLOW_TRACKING_USERNAME'] },
  mlflow_password: { variables: ['MLFLOW_TRACKING_PASSWORD'], isSecret: true },
  mlflow_token: { variables: ['MLFLOW_TRACKING_TOKEN'], isSecret: true },
  mlflow_workspace: { variables: ['MLFLOW_WORKSPACE'] },
  mlflow_insecure_tls: { variables: ['MLFLOW_TRACKING_INSECURE_TLS'], fallback: 'false' },
  mlflow_server_cert_path: { variables: ['MLFLOW_TRACKING_SERVER_CERT_PATH'] },
  mlflow_client_cert_path: { variables: ['MLFLOW_TRACKING_CLIENT_CERT_PATH'] },
  mlflow_mysql_ssl_ca: { variables: ['MLFLOW_MYSQL_SSL_CA'] },
  mlflow_mysql_ssl_cert: { variables: ['MLFLOW_MYSQL_SSL_CERT'] },
  mlflow_mysql_ssl_key: { variables: ['MLFLOW_MYSQL_SSL_KEY'] },
  mlflow_http_request_timeout: { variables: ['MLFLOW_HTTP_REQUEST_TIMEOUT'] },
  databricks_host: { variables: ['DATABRICKS_HOST'] },
  databricks_token: { variables: ['DATABRICKS_TOKEN'], isSecret: true },
  databricks_profile: { variables: ['DATABRICKS_CONFIG_PROFILE'] },
  databricks_config_file: { variables: ['DATABRICKS_CONFIG_FILE'] },
  http_proxy: { variables: ['http_proxy', 'HTTP_PROXY'], isEndedByEmpty: true, isHttpByDefault: true },
  https_proxy: { variables: ['https_proxy', 'HTTPS_PROXY'], isEndedByEmpty: true, isHttpByDefault: true },
  all_proxy: { variables: ['all_proxy', 'ALL_PROXY'], isEndedByEmpty: true, isHttpByDefault: true },
  no_proxy: { variables: ['no_proxy', 'NO_PROXY'], isEndedByEmpty: true },
  max_runs_per_query: { variables: ['TRACKING_MAX_RUNS_PER_QUERY'], fallback: '100' },
  metric_history_limit: { variables: ['TRACKING_METRIC_HISTORY_LIMIT'], fallback: '1000' },
  allow_writes: { flag: 'allow-writes', variables: ['RUNSIGHT_ALLOW_WRITES'], fallback: 'false' },
  now: { variables: ['RUNSIGHT_NOW'] },
  mcp_token: { variables: ['RUNSIGHT_MCP_TOKEN'], isSecret: true },
  conversations: { variables: ['RUNSIGHT_CONVERSATIONS'], isSecret: true },
  tokens: { variables: ['RUNSIGHT_TOKENS'], isSecret: true },
  allowed_hosts: { variables: ['RUNSIGHT_ALLOWED_HOSTS'] },
  slack_bot_token: { variables: ['SLACK_BOT_TOKEN'], isSecret: true },
  slack_app_token: { variables: ['SLACK_APP_TOKEN'], isSecret: true },
  // Its addresses may hold passwords.
  slack_channels: { variables: ['RUNSIGHT_SLACK_CHANNELS'], isSecret: true },
  slack_signing_secret: { variables: ['SLACK_SIGNING_SECRET'], isSecret: true },
} as const satisfies Readonly<Record<string, SettingRow>>;

export type SettingName = keyof typeof SETTINGS;
export type FileKey = { [K in SettingName]: (typeof SETTINGS)[K] extends { inFile: true } ? K : never }[SettingName];
export type ConfigFile = { readonly [K in FileKey]?: string };

const rows: readonly (readonly [SettingName, SettingRow])[] = Object.entries(SETTINGS) as [SettingName, SettingRow][];

export const FILE_KEYS = rows.filter(([, row]) => row.inFile === true).map(([name]) => name) as readonly FileKey[];

export type SourceKind = 'flag' | 'environment' | 'config file' | 'default';

/** A setting as it was made; nothing is parsed yet. */
export interface Setting {
  readonly name: SettingName;
  /** A secret prints as `***`. */
  readonly value: string | Secret | undefined;
  /** Undefined: nobody made it, and nothing holds by default. */
  readonly source: SourceKind | undefined;
  /** What made it, for messages: `--uri`, `MLFLOW_TRACKING_URI`, `"tracking_uri" in the config file`. */
  readonly madeBy: string;
}

export type Settings = Readonly<Record<SettingName, Setting>>;

/** An empty variable counts as not set, but for proxies. */
export function collectSettings(env: Environment, flags: ConfigFlags, file: ConfigFile): Settings {
  const collected = rows.map(([name, row]) => [name, findSetting(name, row, env, flags, file)] as const);
  return Object.fromEntries(collected) as unknown as Settings;
}

function findSetting(
  name: SettingName,
  row: SettingRow,
  env: Environment,
  flags: ConfigFlags,
  file: ConfigFile,
): Setting {
  const make = (source: SourceKind | undefined, madeBy: string, text: string | undefined): Setting => ({
    name,
    value: text !== undefined && row.isSecret === true ? new Secret(text) : text,
    source,
    madeBy,
  });
  const flag = row.flag === undefined ? undefined : flags[row.flag];
  if (flag !== undefined) return make('flag', `--${row.flag}`, String(flag));
  const variable = row.variables.find((one) => env[one] || (row.isEndedByEmpty === true && env[one] === ''));
  if (variable !== undefined && env[variable]) return make('environment', variable, completed(env[variable], row));
  const filed = row.inFile === true ? file[name as FileKey] : undefined;
  if (filed) return make('config file', `"${name}" in the config file`, filed);
  return make(row.fallback === undefined ? undefined : 'default', 'default', row.fallback);
}

/** Whole, so that a password in it is seen as one wherever it is shown. */
function completed(value: string, { isHttpByDefault }: SettingRow): string {
  return isHttpByDefault === true && !value.includes('://') ? `http://${value}` : value;
}
