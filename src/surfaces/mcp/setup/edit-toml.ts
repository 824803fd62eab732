/** Puts a server into a TOML file that people write in, as a table of its own behind the others: all the rest stays. */
import { isDeepStrictEqual } from 'node:util';
import { parse, stringify } from 'smol-toml';
import { ConfigError } from '../../../config/error.ts';
import { type Edit, SERVER_NAME, type ServerEntry } from './edit.ts';

type Document = Record<string, unknown>;

export function editToml(list: string): Edit {
  return (text, entry) => {
    const document = read(text);
    if (entry === undefined && !Object.hasOwn(serversOf(document, list), SERVER_NAME)) return text;
    const without = withoutTable(text, list);
    const end = text.includes('\r\n') ? '\r\n' : '\n';
    const edited =
      entry === undefined ? without : `${withGap(without, end)}${tableOf(entry, list).replaceAll('\n', end)}`;
    // A table can be written in ways that lines do not show.
    if (!isDeepStrictEqual(tryRead(edited), tryRead(stringify(changed(document, list, entry)))))
      throw new ConfigError(`its "${list}" is written in a way that cannot be changed safely`);
    return edited;
  };
}

function read(text: string): Document {
  try {
    return parse(text) as Document;
  } catch (error) {
    const { line } = error as { readonly line?: number };
    throw new ConfigError(`it is not valid TOML${line === undefined ? '' : ` in line ${line}`}`);
  }
}

function tryRead(text: string): Document | undefined {
  try {
    return parse(text) as Document;
  } catch {
    return undefined;
  }
}

function serversOf(document: Document, list: string): Document {
  const servers = Object.hasOwn(document, list) ? document[list] : {};
  if (typeof servers === 'object' && servers !== null && !Array.isArray(servers)) return servers as Document;
  throw new ConfigError(`its "${list}" is not a table`);
}

/** What the file should say afterwards. */
function changed(document: Document, list: string, entry: ServerEntry | undefined): Document {
  const { [SERVER_NAME]: _, ...others } = serversOf(document, list);
  const servers = entry === undefined ? others : { ...others, [SERVER_NAME]: { ...entry, args: [...entry.args] } };
  const { [list]: __, ...rest } = document;
  return Object.keys(servers).length === 0 ? rest : { ...rest, [list]: servers };
}

const tableOf = (entry: ServerEntry, list: string): string =>
  stringify({ [list]: { [SERVER_NAME]: { ...entry, args: [...entry.args] } } }).trimStart();

/** A line between tables. */
function withGap(text: string, end: string): string {
  const trimmed = text.replace(/[\r\n]+$/, '');
  return trimmed === '' ? '' : `${trimmed}${end}${end}`;
}

const HEADER = /^\s*\[/;

/** Without the table's lines and those of tables in it; comments before the next table are the next table's. */
function withoutTable(text: string, list: string): string {
  const own = new RegExp(`^\\s*\\[\\s*${list}\\s*\\.\\s*["']?${SERVER_NAME}["']?\\s*[.\\]]`);
  const lines = text.split('\n');
  const kept: string[] = [];
  let between: string[] = [];
  let isOwn = false;
  for (const line of lines) {
    const wasOwn = isOwn;
    if (HEADER.test(line)) isOwn = own.test(line);
    if (!isOwn) {
      if (wasOwn) kept.push(...between);
      kept.push(line);
    }
    between = isOwn && /^\s*(?:#.*)?$/.test(line) ? [...between, line] : [];
  }
  return [...kept, ...(isOwn ? between : [])].join('\n');
}
