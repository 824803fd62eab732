/**
 * Which Databricks workspace a tracking URI means, and the token for it: from the profile that the URI names, else from
 * DATABRICKS_HOST and DATABRICKS_TOKEN, else from a profile of the config file. Personal access tokens only.
 */
import { maskUri } from '../../mask.ts';
import { readRegularFile } from '../../read-regular-file.ts';
import { StoreError } from '../errors.ts';
import { decodePercents } from './decode-percents.ts';

export interface DatabricksSettings {
  readonly host?: string | undefined;
  readonly token?: string | undefined;
  /** Profile of the config file where the URI names none. */
  readonly profile?: string | undefined;
  readonly configFile?: string | undefined;
}

export interface DatabricksAccess {
  readonly url: string;
  readonly token: string;
  /** Where host and token came from, for the mend when they are refused. */
  readonly source: string;
}

type Section = ReadonlyMap<string, string>;

const DEFAULT_PROFILE = 'DEFAULT';
const ENVIRONMENT = 'DATABRICKS_HOST and DATABRICKS_TOKEN';

function refuse(message: string, hint: string, cause?: unknown): never {
  throw new StoreError('unsupported_source', message, { hint, cause });
}

/** The profile of databricks://profile; undefined for plain `databricks`. */
function readProfile(uri: string): string | undefined {
  const rest = /^databricks(?::\/\/(.*))?$/i.exec(uri)?.[1];
  if (rest === undefined) {
    if (/^databricks$/i.test(uri)) return undefined;
    return refuse(`${maskUri(uri)} names no profile`, 'Write databricks, or databricks://PROFILE.');
  }
  const [profile = ''] = rest.split('/');
  if (profile.includes(':'))
    refuse(
      `${maskUri(uri)} means a secret scope, which can only be read inside Databricks`,
      'Use databricks://PROFILE, or databricks with DATABRICKS_HOST and DATABRICKS_TOKEN.',
    );
  const name = decodePercents(profile);
  return name === '' ? refuse(`${maskUri(uri)} names no profile`, 'Write databricks, or databricks://PROFILE.') : name;
}

/** The sections of an INI file; keys in lower case, `=` or `:` between key and value, lines of `#` or `;` are comments. */
export function readSections(text: string): ReadonlyMap<string, Section> {
  const sections = new Map<string, Map<string, string>>();
  let current = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const name = /^\s*\[(.+)\]\s*$/.exec(line)?.[1];
    if (name !== undefined) {
      current = sections.get(name) ?? new Map();
      sections.set(name, current);
      continue;
    }
    const [, key, value] = /^\s*([^#;=:\s][^=:]*?)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) current.set(key.toLowerCase(), value);
  }
  return sections;
}

function readSection(profile: string, file: string | undefined): Section {
  const mend = `Write host and token under [${profile}] there, or set ${ENVIRONMENT}.`;
  if (file === undefined) return refuse('no Databricks config file is known', `Set ${ENVIRONMENT}.`);
  let text: string;
  try {
    text = readRegularFile(file).toString('utf8');
  } catch (cause) {
    return refuse(`the Databricks config file ${file} cannot be read`, mend, cause);
  }
  const sections = readSections(text);
  return sections.get(profile) ?? refuse(`${file} has no profile ${profile}`, mend);
}

/** https unless the host says otherwise; nothing but scheme, host and port. */
function toOrigin(host: string, source: string): string {
  const url = URL.parse(/^https?:\/\//i.test(host) ? host : `https://${host}`);
  const isHost = url !== null && url.hostname !== '' && url.username === '' && url.password === '';
  return isHost
    ? url.origin
    : refuse(`the host of ${source} is no address`, 'Write it as https://my-workspace.cloud.databricks.com.');
}

/** Throws `unsupported_source`, saying what is missing and where it was looked for. */
export function findDatabricks(uri: string, settings: DatabricksSettings): DatabricksAccess {
  const named = readProfile(uri);
  const { host, token } = settings;
  if (named === undefined && host && token)
    return { url: toOrigin(host, 'DATABRICKS_HOST'), token, source: ENVIRONMENT };
  const profile = named ?? settings.profile ?? DEFAULT_PROFILE;
  const section = readSection(profile, settings.configFile);
  const source = `profile ${profile} of ${settings.configFile}`;
  const filed = { host: section.get('host'), token: section.get('token') };
  if (!filed.host || !filed.token)
    return refuse(
      `${source} has no ${filed.host ? 'token' : 'host'}`,
      `Personal access tokens work, other ways to log in do not: write host and token there, or set ${ENVIRONMENT}.`,
    );
  return { url: toOrigin(filed.host, source), token: filed.token, source };
}
