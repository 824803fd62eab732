/**
 * The commands and flags of the command line, as one table: parsing, `--help` and shell completions are made from it.
 * A new flag is a row here and a line in the README's table.
 */
import { type Flag, SOURCE_FLAGS } from '../shared/flags.ts';

export interface Command {
  /** What follows the command, as `--help` writes it. */
  readonly argument?: string;
  readonly help: string;
  /** Words that its argument can be. */
  readonly values?: readonly string[];
  /** Whether flags have a meaning to it. */
  readonly options: boolean;
}

export const COMMANDS = {
  chat: { help: 'ask and go on asking (the default)', options: true },
  ask: { argument: '"QUESTION"', help: 'answer one question', options: true },
  mcp: {
    argument: '[setup APP]',
    help: 'serve programs, or set one up for it',
    values: ['setup', 'claude-code', 'claude-desktop', 'cursor', 'vscode', 'codex'],
    options: true,
  },
  serve: { help: 'answer over HTTP', options: true },
  slack: { help: 'answer in Slack', options: true },
  'create-experiment': { argument: 'NAME', help: 'on a tracking server, asking first', options: true },
  link: { argument: '[CODE]', help: 'join what you ask here and elsewhere', options: true },
  setup: { help: 'connect runs, and a key for Claude', options: true },
  config: { help: 'what is in force, and from where', options: true },
  doctor: { help: 'what is connected, what is missing', options: true },
  completions: {
    argument: 'bash|zsh|fish',
    help: 'a script for your shell',
    values: ['bash', 'zsh', 'fish'],
    options: false,
  },
} as const satisfies Readonly<Record<string, Command>>;

export type CommandName = keyof typeof COMMANDS;

export interface CliFlag extends Flag {
  /** Listed under "Usage" and not among the options. */
  readonly unlisted?: boolean;
  /** Where it means something; default: every command with options. */
  readonly commands?: readonly CommandName[];
}

export const FLAGS = {
  ...SOURCE_FLAGS,
  json: {
    type: 'boolean',
    help: 'print the whole answer record (schema/answer.schema.json); chat: {"question", "reset"} a line in, one record out',
    commands: ['ask', 'chat', 'config'],
  },
  resume: {
    type: 'boolean',
    argument: '[ID]',
    help: 'chat: go on with a kept conversation, by its id or from a list',
    commands: ['chat'],
  },
  format: {
    type: 'string',
    argument: 'FORMAT',
    help: "print the answer's data at full precision",
    values: {
      csv: 'its first table, or its curves point by point',
      md: 'all of it as Markdown, with whole tables',
      json: 'all of it, as in the answer record',
    },
    commands: ['ask'],
  },
  why: {
    type: 'boolean',
    help: 'also tell what the answer stands on: runs, filter, method, call, and the same in Python',
    commands: ['ask'],
  },
  plot: {
    type: 'string',
    argument: 'FILE',
    help: 'also draw the answer into FILE.svg or FILE.png',
    takesFile: true,
    commands: ['ask'],
  },
  tools: {
    type: 'string',
    argument: 'NAMES',
    help: 'the tools to offer, with commas between: names, or what they are about (run, experiment)',
    commands: ['mcp'],
  },
  http: {
    type: 'boolean',
    help: 'mcp: serve over HTTP, not standard input and output; slack: take signed requests, not a socket',
    commands: ['mcp', 'slack'],
  },
  host: {
    type: 'string',
    argument: 'HOST',
    help: 'listen there (default 127.0.0.1); others than this machine need a token',
    commands: ['serve', 'mcp', 'slack'],
  },
  port: {
    type: 'string',
    argument: 'PORT',
    help: 'listen there (default 4780; mcp: 4781; slack: 4782)',
    commands: ['serve', 'mcp', 'slack'],
  },
  'allow-writes': {
    type: 'boolean',
    help: 'let clients create experiments; nothing else is ever written',
    commands: ['serve', 'mcp'],
  },
  description: {
    type: 'string',
    argument: 'TEXT',
    help: 'what it is for, in Markdown',
    commands: ['create-experiment'],
  },
  tag: {
    type: 'string',
    argument: 'KEY=VALUE',
    help: 'a tag; may be given several times',
    multiple: true,
    commands: ['create-experiment'],
  },
  list: { type: 'boolean', help: 'link: the names that you are joined with', commands: ['link'] },
  remove: {
    type: 'boolean',
    help: 'mcp setup: take it out again; link: NAME is joined with you no more',
    commands: ['mcp', 'link'],
  },
  yes: { type: 'boolean', help: 'mcp setup: write without asking', commands: ['mcp'] },
  width: { type: 'string', argument: 'COLUMNS', help: "fit to this width (default: the terminal's, else 80)" },
  ascii: { type: 'boolean', help: 'draw with ASCII only' },
  color: { type: 'boolean', help: 'styles on or off (default: on in a terminal)', negatable: true },
  help: { type: 'boolean', short: 'h', help: 'this page', unlisted: true },
  version: { type: 'boolean', help: 'the version', unlisted: true },
} as const satisfies Readonly<Record<string, CliFlag>>;

/** The rows as their common shape, in the order of `--help`. */
export const commandRows: readonly (readonly [name: string, command: Command])[] = Object.entries(COMMANDS);
export const flagRows: readonly (readonly [name: string, flag: CliFlag])[] = Object.entries(FLAGS);
