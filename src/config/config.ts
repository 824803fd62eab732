/** Environment, flags and the optional config file, read once into plain data: flags win, then the environment. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { maskUri } from '../mask.ts';
import type { ProxySettings } from '../mlflow/rest/proxy-choice.ts';
import { findPackageRoot } from '../package-root.ts';
import { idReference, nameReference } from '../query/reference.ts';
import { ConfigError } from './error.ts';
import { readConfigFile } from './file.ts';
import { findHome, ownFolder } from './home.ts';
import { Secret } from './secret.ts';
import {
  type ConfigFile,
  type ConfigFlags,
  collectSettings,
  type Environment,
  type Setting,
  type Settings,
} from './settings.ts';

export { ConfigError } from './error.ts';
export type { ConfigFlags, Environment } from './settings.ts';

export type ModelChoice = 'auto' | 'offline' | 'claude';

/** Who chose the store. */
export type StoreSource = 'flag' | 'environment' | 'config file' | './mlruns' | './mlflow.db' | 'demo';

interface MysqlSsl {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

export interface Config {
  readonly version: string;
  readonly packageRoot: string;
  readonly store: { readonly uri: string; readonly source: StoreSource };
  readonly mlflow: {
    readonly username?: string | undefined;
    readonly password?: Secret | undefined;
    readonly token?: Secret | undefined;
    readonly workspace?: string | undefined;
    readonly insecureTls: boolean;
    readonly caPath?: string | undefined;
    readonly clientCertPath?: string | undefined;
    readonly requestTimeoutMs?: number | undefined;
    /** Paths of PEM files. */
    readonly mysqlSsl: MysqlSsl;
  };
  readonly databricks: {
    readonly host?: string | undefined;
    readonly token?: Secret | undefined;
    readonly profile?: string | undefined;
    readonly configFile?: string | undefined;
  };
  /** Undefined where no variable names one. */
  readonly proxies: ProxySettings | undefined;
  readonly defaultExperiment?: string | undefined;
  readonly model: ModelChoice;
  readonly anthropic: {
    readonly key?: Secret | undefined;
    /** Whether the config file's key is kept back, because it was stored for another server. */
    readonly isKeyKeptBack: boolean;
    readonly baseUrl?: string | undefined;
    readonly model?: string | undefined;
  };
  /** Whether somebody may create an experiment; nothing else is ever written. */
  readonly allowWrites: boolean;
  readonly limits: { readonly maxRuns: number; readonly historyPoints: number };
  /** Epoch milliseconds that RUNSIGHT_NOW sets; undefined: the wall clock, or the demo's own last day. */
  readonly now?: number | undefined;
  /** IANA name. */
  readonly timeZone: string;
  /** Without a path where there is no home folder. */
  readonly configFile: { readonly path?: string | undefined; readonly found: boolean; readonly holdsSecret: boolean };
  /** Undefined where there is no home folder. */
  readonly cacheFolder: string | undefined;
  readonly stateFolder: string | undefined;
  /** Address of the PostgreSQL database that conversations are kept in, instead of the state folder. */
  readonly conversations?: Secret | undefined;
  readonly serve: {
    /** Who may call: a list in JSON, or the path of its file. */
    readonly tokens?: Secret | undefined;
    /** `host:port` that the server is called by beside its own. */
    readonly allowedHosts: readonly string[];
  };
  readonly slack: {
    readonly botToken?: Secret | undefined;
    readonly appToken?: Secret | undefined;
    readonly signingSecret?: Secret | undefined;
    /** Stores and experiments by channel, in JSON. */
    readonly channels?: Secret | undefined;
  };
  /** Each setting as it was made, and by what: for people. */
  readonly settings: Settings;
}

const MODEL_CHOICES: readonly ModelChoice[] = ['auto', 'offline', 'claude'];
const ANTHROPIC_URL = 'https://api.anthropic.com';

export function readConfig(env: Environment, flags: ConfigFlags = {}, cwd = process.cwd()): Config {
  const packageRoot = findPackageRoot(import.meta.dirname);
  const configFolder = ownFolder(env, 'XDG_CONFIG_HOME', '.config');
  const configPath = configFolder && path.join(configFolder, 'config.json');
  const file = configPath === undefined ? {} : readConfigFile(configPath);
  const home = findHome(env);
  const settings = collectSettings(env, flags, file);
  const store = chooseStore(settings.tracking_uri, cwd, packageRoot);
  return {
    version: readVersion(packageRoot),
    packageRoot,
    store,
    mlflow: {
      username: text(settings.mlflow_username),
      password: secret(settings.mlflow_password),
      token: secret(settings.mlflow_token),
      workspace: text(settings.mlflow_workspace),
      insecureTls: isTrue(settings.mlflow_insecure_tls),
      caPath: text(settings.mlflow_server_cert_path),
      clientCertPath: text(settings.mlflow_client_cert_path),
      requestTimeoutMs: seconds(settings.mlflow_http_request_timeout),
      mysqlSsl: {
        ca: text(settings.mlflow_mysql_ssl_ca),
        cert: text(settings.mlflow_mysql_ssl_cert),
        key: text(settings.mlflow_mysql_ssl_key),
      },
    },
    databricks: {
      host: text(settings.databricks_host),
      token: secret(settings.databricks_token),
      profile: text(settings.databricks_profile),
      configFile: text(settings.databricks_config_file) ?? (home && path.join(home, '.databrickscfg')),
    },
    proxies: readProxies(settings),
    defaultExperiment: experimentOf(settings.experiment),
    model: modelChoice(settings.model),
    anthropic: readAnthropic(settings, file),
    allowWrites: isTrue(settings.allow_writes),
    limits: {
      maxRuns: count(settings.max_runs_per_query),
      historyPoints: count(settings.metric_history_limit),
    },
    now: instant(settings.now),
    // The demo answers alike everywhere, so it lives in UTC.
    timeZone: store.source === 'demo' ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone,
    configFile: {
      path: configPath,
      found: configPath !== undefined && existsSync(configPath),
      holdsSecret: holdsSecret(file),
    },
    cacheFolder: ownFolder(env, 'XDG_CACHE_HOME', '.cache'),
    stateFolder: ownFolder(env, 'XDG_STATE_HOME', '.local/state'),
    conversations: postgresqlAddress(settings.conversations),
    serve: {
      tokens: secret(settings.tokens),
      allowedHosts: (text(settings.allowed_hosts) ?? '').split(/[\s,]+/).filter((host) => host !== ''),
    },
    slack: {
      botToken: secret(settings.slack_bot_token),
      appToken: secret(settings.slack_app_token),
      signingSecret: secret(settings.slack_signing_secret),
      channels: secret(settings.slack_channels),
    },
    settings,
  };
}

/** Where conversations are kept that outlive the process. */
export function conversationPlace({ conversations, stateFolder }: Config) {
  return {
    address: conversations?.reveal(),
    file: stateFolder === undefined ? undefined : path.join(stateFolder, 'conversations.db'),
  };
}

export function ownVersion(): string {
  return readVersion(findPackageRoot(import.meta.dirname));
}

function readVersion(packageRoot: string): string {
  return (JSON.parse(readFileSync(path.join(packageRoot, 'package.json'), 'utf8')) as { version: string }).version;
}

// ---- the store

/** MLflow's own order where nothing is set: a folder that holds an experiment, then a database, then the demo. */
function chooseStore(setting: Setting, cwd: string, packageRoot: string): Config['store'] {
  const uri = text(setting);
  if (uri !== undefined && setting.source !== undefined && setting.source !== 'default')
    return { uri, source: setting.source };
  const folder = path.join(cwd, 'mlruns');
  if (holdsExperiment(folder)) return { uri: folder, source: './mlruns' };
  const database = path.join(cwd, 'mlflow.db');
  if (existsSync(database)) return { uri: database, source: './mlflow.db' };
  return { uri: path.join(packageRoot, 'examples', 'demo', 'mlflow.db'), source: 'demo' };
}

/**
 * As MLflow tells a folder of its own from one that only holds artifacts: digits, with a meta.yaml in it. One that may
 * not be read could hold them, and is not passed over: opening it says why.
 */
function holdsExperiment(folder: string): boolean {
  try {
    return readdirSync(folder).some((name) => /^\d+$/.test(name) && existsSync(path.join(folder, name, 'meta.yaml')));
  } catch (error) {
    return ['EACCES', 'EPERM'].includes(String((error as NodeJS.ErrnoException).code));
  }
}

// ---- proxies

/** Parsed only where a server is asked: a proxy that cannot be used is no fault of what needs none. */
function readProxies({ http_proxy, https_proxy, all_proxy, no_proxy }: Settings): ProxySettings | undefined {
  const [http, https, all, none] = [http_proxy, https_proxy, all_proxy, no_proxy].map((setting) => {
    const value = text(setting);
    return value === undefined ? undefined : { name: setting.madeBy, value };
  });
  return http === undefined && https === undefined && all === undefined ? undefined : { http, https, all, none };
}

// ---- Claude

/** A key is sent only where it was meant for: the file's own server, or Anthropic's. */
function readAnthropic(settings: Settings, file: ConfigFile): Config['anthropic'] {
  const baseUrl = url(settings.anthropic_base_url);
  const isKeyKeptBack =
    settings.anthropic_api_key.source === 'config file' &&
    originOf(baseUrl ?? ANTHROPIC_URL) !== originOf(file.anthropic_base_url ?? ANTHROPIC_URL);
  return {
    key: isKeyKeptBack ? undefined : secret(settings.anthropic_api_key),
    isKeyKeptBack,
    baseUrl,
    model: text(settings.claude_model),
  };
}

function originOf(address: string): string | undefined {
  return URL.parse(address)?.origin;
}

function holdsSecret({ anthropic_api_key, tracking_uri = '' }: ConfigFile): boolean {
  return Boolean(anthropic_api_key) || maskUri(tracking_uri) !== tracking_uri;
}

// ---- single settings

/** As `query/reference.ts` writes it: MLflow's two variables say which of the two a number is. */
function experimentOf(setting: Setting): string | undefined {
  const value = text(setting);
  if (value === undefined || !/^\d+$/.test(value)) return value;
  if (setting.madeBy === 'MLFLOW_EXPERIMENT_ID') return idReference(value);
  return setting.madeBy === 'MLFLOW_EXPERIMENT_NAME' ? nameReference(value) : value;
}

function text({ value }: Setting): string | undefined {
  return value instanceof Secret ? value.reveal() : value;
}

function url(setting: Setting): string | undefined {
  const value = text(setting);
  if (value === undefined) return undefined;
  const parsed = URL.parse(value);
  if (parsed === null || !/^https?:$/.test(parsed.protocol))
    throw new ConfigError(`${setting.madeBy} is not an http or https URL`);
  // It would be sent nowhere, and shown where the connection fails.
  if (parsed.username !== '' || parsed.password !== '')
    throw new ConfigError(
      `${setting.madeBy} holds a user name or password; give a key in ANTHROPIC_AUTH_TOKEN instead`,
    );
  return value;
}

function secret({ value }: Setting): Secret | undefined {
  return value instanceof Secret ? value : undefined;
}

function postgresqlAddress(setting: Setting): Secret | undefined {
  const value = text(setting);
  if (value === undefined || /^postgres(?:ql)?:\/\//.test(value)) return secret(setting);
  throw new ConfigError(`${setting.madeBy} is no address of a PostgreSQL database (postgresql://host/database)`);
}

function isTrue(setting: Setting): boolean {
  return ['1', 'true'].includes((text(setting) ?? '').toLowerCase());
}

function count(setting: Setting): number {
  const value = text(setting) ?? '';
  if (!/^[1-9]\d{0,8}$/.test(value))
    throw new ConfigError(`${setting.madeBy} is "${value}"; it takes a whole number from 1`);
  return Number(value);
}

/** What Node's timers hold; they fire at once for more, and take whole milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

function seconds(setting: Setting): number | undefined {
  const value = text(setting);
  if (value === undefined) return undefined;
  const parsed = Number(value);
  if (!(parsed > 0 && Number.isFinite(parsed)))
    throw new ConfigError(`${setting.madeBy} is "${value}"; it takes seconds above 0`);
  return Math.min(Math.ceil(parsed * 1000), LONGEST_TIMER_MS);
}

/** A day, or a moment of it; other forms are read differently by different programs, or not at all. */
const ISO_TIME = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?$/i;
/** Runs are logged from 1970 on, and a calendar has a year before and after the day that is asked about. */
const [FIRST_YEAR, LAST_YEAR] = [1971, 9998];

function instant(setting: Setting): number | undefined {
  const value = text(setting);
  if (value === undefined) return undefined;
  const parsed = ISO_TIME.test(value) ? Date.parse(value) : Number.NaN;
  const year = new Date(parsed).getUTCFullYear();
  if (year >= FIRST_YEAR && year <= LAST_YEAR) return parsed;
  throw new ConfigError(
    `${setting.madeBy} is "${value}"; it takes an ISO time of the years ${FIRST_YEAR} to ${LAST_YEAR}, such as 2026-11-20T18:00:00Z`,
  );
}

function modelChoice(setting: Setting): ModelChoice {
  const value = text(setting);
  const choice = MODEL_CHOICES.find((known) => known === value);
  if (choice === undefined)
    throw new ConfigError(`model "${value}" is not known; it takes ${MODEL_CHOICES.join(', ')}`);
  return choice;
}
