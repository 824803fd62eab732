/** Folders of keys: params, tags and metrics, where a key with slashes lies in folders of its own. */
import { compareText } from '../compare-text.ts';
import { type Folder, UnreadableError } from './folder.ts';
import { isYoung, type StampTaker } from './stamp.ts';

/** Longer texts are not read: MLflow's own limit is 8,000 characters. */
const MOST_BYTES = 1 << 20;
const MOST_DEPTH = 32;

export interface TextReading {
  readonly folder: Folder;
  /** What paths are relative to. */
  readonly base: string;
  readonly stamp: StampTaker;
  /** What could not be read while the rest could: `metrics/loss is a link out of the folder`. */
  readonly problems: string[];
  /** Whether to read again in a moment: a writer empties a file before it fills it. */
  mayPass: boolean;
}

/** Reading that may take long: it yields where others may have their turn. */
export type Work<T = void> = Generator<void, T, undefined>;

/** Calls `read` with each key of a folder and its path. What cannot be read becomes a problem and costs no other key. */
export function* readKeyFiles(
  { folder, base, stamp, problems }: TextReading,
  kind: string,
  read: (key: string, path: string) => Work,
): Work {
  const open = [''];
  for (let prefix = open.pop(); prefix !== undefined; prefix = open.pop()) {
    const under = prefix === '' ? kind : `${kind}/${prefix}`;
    const stats = folder.stat(`${base}/${under}`);
    stamp.add(under, stats);
    if (stats === undefined) continue;
    yield* attempt(under, problems, function* () {
      for (const { name, kind: entryKind, reason } of folder.list(`${base}/${under}`)) {
        const key = prefix === '' ? name : `${prefix}/${name}`;
        const path = `${kind}/${key}`;
        if (entryKind === 'folder' && key.split('/').length < MOST_DEPTH) open.push(key);
        else if (entryKind === 'file') yield* attempt(path, problems, () => read(key, path));
        else problems.push(`${path} ${reason ?? 'lies too deep'}`);
      }
    });
  }
}

/** A file's content is the value. */
export function* readTexts(reading: TextReading, kind: 'params' | 'tags'): Work<Map<string, string>> {
  const { folder, base, stamp } = reading;
  const entries: [string, string][] = [];
  yield* readKeyFiles(reading, kind, function* (key, path) {
    yield;
    const { text, stats } = folder.read(`${base}/${path}`, MOST_BYTES);
    stamp.add(path, stats);
    if (text === '' && isYoung(stats)) reading.mayPass = true;
    entries.push([key, text]);
  });
  return new Map(entries.sort(([a], [b]) => compareText(a, b)));
}

function* attempt(path: string, problems: string[], work: () => Work): Work {
  try {
    yield* work();
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    problems.push(`${path} ${error.message}`);
  }
}
