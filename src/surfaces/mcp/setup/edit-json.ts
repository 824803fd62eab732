/** Puts a server into a JSON file that people write in: comments, other keys and their layout stay. */
import { applyEdits, type FormattingOptions, modify, type ParseError, parse } from 'jsonc-parser';
import { ConfigError } from '../../../config/error.ts';
import { type Edit, SERVER_NAME } from './edit.ts';

/** `own` is what the client wants beside command and arguments. */
export function editJson(list: string, own: Readonly<Record<string, string>> = {}): Edit {
  return (text, entry) => {
    const mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
    const body = text.slice(mark.length);
    const servers = readServers(body, list);
    if (entry === undefined && !Object.hasOwn(servers, SERVER_NAME)) return text;
    const value = entry && { ...own, ...entry };
    const start = body.trim() === '' ? '{}\n' : body;
    const edits = modify(start, [list, SERVER_NAME], value, { formattingOptions: layoutOf(start) });
    return mark + applyEdits(start, edits);
  };
}

const BYTE_ORDER_MARK = '\ufeff';

/** @throws ConfigError where it is not what the client reads. */
function readServers(body: string, list: string): object {
  if (body.trim() === '') return {};
  const faults: ParseError[] = [];
  const parsed: unknown = parse(body, faults, { allowTrailingComma: true });
  const [fault] = faults;
  if (fault !== undefined) throw new ConfigError(`it is not valid JSON in line ${lineOf(body, fault.offset)}`);
  if (!isObject(parsed)) throw new ConfigError('it is not one JSON object');
  const servers = Object.hasOwn(parsed, list) ? parsed[list] : {};
  if (!isObject(servers)) throw new ConfigError(`its "${list}" is not an object`);
  return servers;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

function layoutOf(text: string): FormattingOptions {
  const indent = /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
  const insertSpaces = !indent.includes('\t');
  return { insertSpaces, tabSize: insertSpaces ? indent.length : 1, eol: text.includes('\r\n') ? '\r\n' : '\n' };
}
