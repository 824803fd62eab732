/** Environment, flags and the optional config file, read once into plain data: flags win, then the environment. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Secret } from './secret.ts';

export type Environment = Readonly<Record<string, string | undefined>>;
export type ModelChoice = 'auto' | 'offline' | 'claude';

/** What a command line may set. */
export interface ConfigFlags {
  readonly uri?: string | undefined;
  readonly experiment?: string | undefined;
  readonly model?: string | undefined;
}

/** Who chose the store. */
export type StoreSource = 'flag' | 'environment' | 'config file' | './mlruns' | './mlflow.db' | 'demo';

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
    readonly requestTimeoutMs?: number | undefined;
  };
  readonly defaultExperiment?: string | undefined;
  readonly model: ModelChoice;
  readonly anthropic: {
    readonly key?: Secret | undefined;
    readonly baseUrl?: string | undefined;
    readonly model?: string | undefined;
  };
  readonly limits: { readonly maxRuns: number; readonly historyPoints: number };
  /** Epoch milliseconds that RUNSIGHT_NOW sets; undefined: the wall clock, or the demo's own last day. */
  readonly now?: number | undefined;
  /** IANA name. */
  readonly timeZone: string;
  readonly configFile: { readonly path: string; readonly found: boolean };
  readonly cacheFolder: string;
}

/** A setting that cannot be used: names the variable or flag, its value and the mend. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const MODEL_CHOICES: readonly ModelChoice[] = ['auto', 'offline', 'claude'];
const DEFAULT_MAX_RUNS = 100;
const DEFAULT_HISTORY_POINTS = 1000;

export function readConfig(env: Environment, flags: ConfigFlags = {}, cwd = process.cwd()): Config {
  const packageRoot = findPackageRoot(import.meta.dirname);
  const configPath = path.join(homeFolder(env, 'XDG_CONFIG_HOME', '.config'), 'config.json');
  const file = readConfigFile(configPath);
  const store = chooseStore(env, flags, file, cwd, packageRoot);
  return {
    version: readVersion(packageRoot),
    packageRoot,
    store,
    mlflow: {
      username: text(env, 'MLFLOW_TRACKING_USERNAME'),
      password: secret(env, 'MLFLOW_TRACKING_PASSWORD'),
      token: secret(env, 'MLFLOW_TRACKING_TOKEN'),
      workspace: text(env, 'MLFLOW_WORKSPACE'),
      insecureTls: isTrue(env, 'MLFLOW_TRACKING_INSECURE_TLS'),
      caPath: text(env, 'MLFLOW_TRACKING_SERVER_CERT_PATH'),
      requestTimeoutMs: seconds(env, 'MLFLOW_HTTP_REQUEST_TIMEOUT'),
    },
    defaultExperiment:
      flags.experiment ?? text(env, 'MLFLOW_EXPERIMENT_NAME') ?? text(env, 'MLFLOW_EXPERIMENT_ID') ?? file.experiment,
    model: modelChoice(flags, env, file),
    anthropic: {
      key: secret(env, 'ANTHROPIC_API_KEY') ?? secret(env, 'ANTHROPIC_AUTH_TOKEN'),
      baseUrl: url(env, 'ANTHROPIC_BASE_URL'),
      model: text(env, 'RUNSIGHT_CLAUDE_MODEL'),
    },
    limits: {
      maxRuns: count(env, 'TRACKING_MAX_RUNS_PER_QUERY') ?? DEFAULT_MAX_RUNS,
      historyPoints: count(env, 'TRACKING_METRIC_HISTORY_LIMIT') ?? DEFAULT_HISTORY_POINTS,
    },
    now: instant(env, 'RUNSIGHT_NOW'),
    // The demo answers alike everywhere, so it lives in UTC.
    timeZone: store.source === 'demo' ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone,
    configFile: { path: configPath, found: existsSync(configPath) },
    cacheFolder: homeFolder(env, 'XDG_CACHE_HOME', '.cache'),
  };
}

/** The nearest folder above with a package.json: the same from `src` and from the bundle. */
function findPackageRoot(folder: string): string {
  const parent = path.dirname(folder);
  return existsSync(path.join(folder, 'package.json')) || parent === folder ? folder : findPackageRoot(parent);
}

export function ownVersion(): string {
  return readVersion(findPackageRoot(import.meta.dirname));
}

function readVersion(packageRoot: string): string {
  return (JSON.parse(readFileSync(path.join(packageRoot, 'package.json'), 'utf8')) as { version: string }).version;
}

function homeFolder(env: Environment, variable: string, fallback: string): string {
  return path.join(env[variable] || path.join(env.HOME || os.tmpdir(), fallback), 'runsight');
}

// ---- the store

/** MLflow's own order where nothing is set: a folder that holds an experiment, then a database, then the demo. */
function chooseStore(
  env: Environment,
  flags: ConfigFlags,
  file: ConfigFile,
  cwd: string,
  packageRoot: string,
): Config['store'] {
  if (flags.uri !== undefined) return { uri: flags.uri, source: 'flag' };
  const fromEnvironment = text(env, 'MLFLOW_TRACKING_URI');
  if (fromEnvironment !== undefined) return { uri: fromEnvironment, source: 'environment' };
  if (file.tracking_uri !== undefined) return { uri: file.tracking_uri, source: 'config file' };
  const folder = path.join(cwd, 'mlruns');
  if (holdsExperiment(folder)) return { uri: folder, source: './mlruns' };
  const database = path.join(cwd, 'mlflow.db');
  if (existsSync(database)) return { uri: database, source: './mlflow.db' };
  return { uri: path.join(packageRoot, 'examples', 'demo', 'mlflow.db'), source: 'demo' };
}

function holdsExperiment(folder: string): boolean {
  if (!existsSync(folder)) return false;
  return readdirSync(folder).some((name) => existsSync(path.join(folder, name, 'meta.yaml')));
}

// ---- the config file

const FILE_KEYS = ['tracking_uri', 'experiment', 'model'] as const;
type ConfigFile = { readonly [K in (typeof FILE_KEYS)[number]]?: string };

function readConfigFile(file: string): ConfigFile {
  if (!existsSync(file)) return {};
  const parsed = parseJsonObject(file);
  for (const [key, value] of Object.entries(parsed)) {
    if (!FILE_KEYS.some((known) => known === key)) {
      throw new ConfigError(`${file}: unknown key "${key}"; it takes ${FILE_KEYS.join(', ')}`);
    }
    if (typeof value !== 'string') throw new ConfigError(`${file}: "${key}" must be text`);
  }
  return parsed as ConfigFile;
}

function parseJsonObject(file: string): object {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed;
  } catch (error) {
    throw new ConfigError(`${file} cannot be read: ${(error as Error).message}`);
  }
  throw new ConfigError(`${file} must hold one JSON object`);
}

// ---- single settings; an empty variable counts as not set

function text(env: Environment, name: string): string | undefined {
  return env[name] || undefined;
}

function url(env: Environment, name: string): string | undefined {
  const value = text(env, name);
  if (value === undefined) return undefined;
  const parsed = URL.parse(value);
  if (parsed === null || !/^https?:$/.test(parsed.protocol))
    throw new ConfigError(`${name} is not an http or https URL`);
  // It would be sent nowhere, and shown where the connection fails.
  if (parsed.username !== '' || parsed.password !== '')
    throw new ConfigError(`${name} holds a user name or password; give a key in ANTHROPIC_AUTH_TOKEN instead`);
  return value;
}

function secret(env: Environment, name: string): Secret | undefined {
  const value = text(env, name);
  return value === undefined ? undefined : new Secret(value);
}

function isTrue(env: Environment, name: string): boolean {
  return ['1', 'true'].includes((env[name] ?? '').toLowerCase());
}

function count(env: Environment, name: string): number | undefined {
  const value = text(env, name);
  if (value === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(value)) throw new ConfigError(`${name} is "${value}"; it takes a whole number from 1`);
  return Number(value);
}

function seconds(env: Environment, name: string): number | undefined {
  const value = text(env, name);
  if (value === undefined) return undefined;
  const parsed = Number(value);
  if (!(parsed > 0 && Number.isFinite(parsed)))
    throw new ConfigError(`${name} is "${value}"; it takes seconds above 0`);
  return parsed * 1000;
}

function instant(env: Environment, name: string): number | undefined {
  const value = text(env, name);
  if (value === undefined) return undefined;
  const parsed = Date.parse(value);
  if (Number.isNaN(parsed))
    throw new ConfigError(`${name} is "${value}"; it takes an ISO time such as 2026-11-20T18:00:00Z`);
  return parsed;
}

function modelChoice(flags: ConfigFlags, env: Environment, file: ConfigFile): ModelChoice {
  const value = flags.model ?? text(env, 'RUNSIGHT_MODEL') ?? file.model ?? 'auto';
  const choice = MODEL_CHOICES.find((known) => known === value);
  if (choice === undefined)
    throw new ConfigError(`model "${value}" is not known; it takes ${MODEL_CHOICES.join(', ')}`);
  return choice;
}
