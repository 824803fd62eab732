/** The clients that can be set up: where each keeps its servers, and how one is written there. */
import path from 'node:path';
import { ConfigError } from '../../../config/error.ts';
import { findHome } from '../../../config/home.ts';
import type { Environment } from '../../../config/settings.ts';
import type { Edit } from './edit.ts';
import { editJson } from './edit-json.ts';
import { editToml } from './edit-toml.ts';

export interface Client {
  readonly title: string;
  readonly file: string;
  readonly edit: Edit;
}

type Platform = NodeJS.Platform;

interface Place {
  readonly title: string;
  /** Below the home folder, or below the folder that a variable names. */
  file(home: string, env: Environment, platform: Platform): string;
  readonly edit: Edit;
}

const PLACES = {
  'claude-code': {
    title: 'Claude Code',
    file: (home, { CLAUDE_CONFIG_DIR: own }) => path.join(own || home, '.claude.json'),
    edit: editJson('mcpServers', { type: 'stdio' }),
  },
  'claude-desktop': {
    title: 'Claude Desktop',
    file: (home, env, platform) => path.join(appFolder(home, env, platform), 'Claude', 'claude_desktop_config.json'),
    edit: editJson('mcpServers'),
  },
  cursor: {
    title: 'Cursor',
    file: (home) => path.join(home, '.cursor', 'mcp.json'),
    edit: editJson('mcpServers'),
  },
  vscode: {
    title: 'VS Code',
    file: (home, env, platform) => path.join(appFolder(home, env, platform), 'Code', 'User', 'mcp.json'),
    edit: editJson('servers', { type: 'stdio' }),
  },
  codex: {
    title: 'Codex',
    file: (home, { CODEX_HOME: own }) => path.join(own || path.join(home, '.codex'), 'config.toml'),
    edit: editToml('mcp_servers'),
  },
} as const satisfies Readonly<Record<string, Place>>;

export type ClientName = keyof typeof PLACES;
export const CLIENT_NAMES = Object.keys(PLACES) as ClientName[];

/** @throws ConfigError on a name that is no client's, or without a home folder. */
export function findClient(name: string | undefined, env: Environment, platform: Platform = process.platform): Client {
  const known = CLIENT_NAMES.find((one) => one === name);
  if (known === undefined) {
    const what = name === undefined ? 'mcp setup needs a client' : `mcp setup knows no client "${name}"`;
    throw new ConfigError(`${what}; the clients are ${CLIENT_NAMES.join(', ')}`);
  }
  const home = findHome(env);
  if (home === undefined) throw new ConfigError('mcp setup has no home folder to look in: set HOME');
  const { title, file, edit } = PLACES[known];
  return { title, edit, file: file(home, env, platform) };
}

/** Where programs with windows keep what a person has set. */
function appFolder(home: string, env: Environment, platform: Platform): string {
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support');
  if (platform === 'win32') return env.APPDATA || path.join(home, 'AppData', 'Roaming');
  return env.XDG_CONFIG_HOME || path.join(home, '.config');
}
