/**
 * Reads inside one folder and nowhere else: regular files only, links only where they lead to a file of the same
 * folder, nothing ever written.
 */
import fs from 'node:fs';
import path from 'node:path';
import { findInnerLinks, type InnerLinks, identityOf } from './link-names.ts';

/** Why a file or folder could not be read, worded to follow "could not be read". */
export class UnreadableError extends Error {
  /** Whether the writer may be at work: what is empty or missing now may be whole in a moment. */
  readonly mayPass: boolean;

  constructor(reason: string, mayPass = false) {
    super(reason);
    this.mayPass = mayPass;
  }
}

export interface Entry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'unreadable';
  /** Of what is unreadable. */
  readonly reason?: string;
}

export interface TextFile {
  readonly text: string;
  readonly stats: fs.Stats;
}

/** What file managers leave behind. */
const LITTER = /^(?:\.DS_Store|\._.*|Thumbs\.db|desktop\.ini)$/;
/** A FIFO would wait for its writer; both are 0 where a system lacks them. */
const SAFELY = fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW ?? 0) | (fs.constants.O_NONBLOCK ?? 0);
const CHUNK = 1 << 16;

export class Folder {
  readonly root: string;
  #innerLinks: InnerLinks = new Map();
  #linksMet = 0;

  /** @param root a real path. */
  constructor(root: string) {
    this.root = root;
  }

  /** How many files with other names were met of which it was not known where those lie. */
  get linksMet(): number {
    return this.#linksMet;
  }

  /** Finds out which files have all of their names here: those are read from now on. */
  async settleLinks(signal: AbortSignal): Promise<void> {
    this.#innerLinks = await findInnerLinks(this.root, signal);
  }

  /** @throws UnreadableError where a folder lies elsewhere by a link on its path, or is not there. */
  requireInside(relative: string): void {
    try {
      if (!this.#isInside(fs.realpathSync.native(this.#pathOf(relative))))
        throw new UnreadableError('is behind a link out of the folder');
    } catch (error) {
      throw toUnreadable(error);
    }
  }

  /** What is in a folder, by name. @throws UnreadableError. */
  list(relative: string): Entry[] {
    this.requireInside(relative);
    const where = this.#pathOf(relative);
    try {
      return fs
        .readdirSync(where, { withFileTypes: true })
        .filter(({ name }) => !LITTER.test(name))
        .map((entry) => this.#describe(where, entry))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    } catch (error) {
      throw toUnreadable(error);
    }
  }

  /** Undefined where there is nothing, or nothing that may be looked at. */
  stat(relative: string): fs.Stats | undefined {
    try {
      return fs.statSync(this.#pathOf(relative), { throwIfNoEntry: false });
    } catch {
      return undefined;
    }
  }

  /** Whether there is surely nothing: what may not be looked at is not missing. */
  isMissing(relative: string): boolean {
    try {
      return fs.statSync(this.#pathOf(relative), { throwIfNoEntry: false }) === undefined;
    } catch {
      return false;
    }
  }

  /** A whole file as text. @throws UnreadableError, also where it changed meanwhile. */
  read(relative: string, mostBytes: number): TextFile {
    return this.#withFile(relative, (file, stats) => {
      refuseLarge(stats, mostBytes);
      const text = fs.readFileSync(file, 'utf8');
      const after = fs.fstatSync(file);
      if (after.size !== stats.size || after.mtimeMs !== stats.mtimeMs)
        throw new UnreadableError('is being written', true);
      return { text, stats };
    });
  }

  /** A file chunk by chunk, each good until the next, as long as it was when it was opened. @throws UnreadableError. */
  *scan(relative: string, mostBytes: number): Generator<Buffer, fs.Stats, undefined> {
    const { file, stats } = this.#open(relative);
    try {
      refuseLarge(stats, mostBytes);
      const buffer = Buffer.allocUnsafe(Math.min(CHUNK, Math.max(stats.size, 1)));
      for (let at = 0; at < stats.size; ) {
        const count = fs.readSync(file, buffer, 0, Math.min(buffer.length, stats.size - at), at);
        if (count === 0) break;
        yield buffer.subarray(0, count);
        at += count;
      }
      return stats;
    } catch (error) {
      throw toUnreadable(error);
    } finally {
      fs.closeSync(file);
    }
  }

  #withFile<T>(relative: string, work: (file: number, stats: fs.Stats) => T): T {
    const { file, stats } = this.#open(relative);
    try {
      return work(file, stats);
    } catch (error) {
      throw toUnreadable(error);
    } finally {
      fs.closeSync(file);
    }
  }

  /** Whoever gets a file closes it. @throws UnreadableError where it is not one that may be read. */
  #open(relative: string): { readonly file: number; readonly stats: fs.Stats } {
    let file: number | undefined;
    try {
      file = this.#openSafely(this.#pathOf(relative));
      const stats = fs.fstatSync(file);
      if (!stats.isFile()) throw new UnreadableError('is no regular file');
      this.#requireOurs(file, stats, relative);
      return { file, stats };
    } catch (error) {
      if (file !== undefined) fs.closeSync(file);
      throw toUnreadable(error);
    }
  }

  /** Looks at what was opened: a folder on its path may have been swapped for a link just before. */
  #requireOurs(file: number, stats: fs.Stats, relative: string): void {
    if (!this.#isInside(openedPath(file) ?? this.#pathOfSame(stats, relative)))
      throw new UnreadableError('is a link out of the folder');
    if (stats.nlink < 2 || this.#innerLinks.get(identityOf(stats)) === stats.nlink) return;
    this.#linksMet++;
    throw new UnreadableError('is a hard link that may lead out of the folder (a copy of the folder can be read)');
  }

  /** Where the system does not tell what was opened: the path, if the same file is there now. */
  #pathOfSame(stats: fs.Stats, relative: string): string {
    const real = fs.realpathSync.native(this.#pathOf(relative));
    return identityOf(fs.statSync(real)) === identityOf(stats) ? real : path.dirname(this.root);
  }

  #openSafely(where: string): number {
    try {
      return fs.openSync(where, SAFELY);
    } catch (error) {
      if (codeOf(error) !== 'ELOOP') throw error;
      const real = fs.realpathSync.native(where);
      if (!this.#isInside(real)) throw new UnreadableError('is a link out of the folder');
      return fs.openSync(real, SAFELY);
    }
  }

  #describe(where: string, entry: fs.Dirent): Entry {
    const { name } = entry;
    if (entry.isFile()) return { name, kind: 'file' };
    if (entry.isDirectory()) return { name, kind: 'folder' };
    const unreadable = (reason: string): Entry => ({ name, kind: 'unreadable', reason });
    if (!entry.isSymbolicLink()) return unreadable('is no regular file');
    try {
      const real = fs.realpathSync.native(path.join(where, name));
      if (!this.#isInside(real)) return unreadable('is a link out of the folder');
      return fs.statSync(real).isFile() ? { name, kind: 'file' } : unreadable('is a link to a folder');
    } catch {
      return unreadable('is a link to nothing');
    }
  }

  #pathOf(relative: string): string {
    return relative === '' ? this.root : `${this.root}/${relative}`;
  }

  #isInside(real: string): boolean {
    const relative = path.relative(this.root, real);
    return relative.split(path.sep)[0] !== '..' && !path.isAbsolute(relative);
  }
}

function refuseLarge({ size }: fs.Stats, mostBytes: number): void {
  if (size > mostBytes) throw new UnreadableError(`is larger than ${mostBytes / (1 << 20)} MiB`);
}

/** On Linux, the path that a file was opened by, with every link resolved. */
function openedPath(file: number): string | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    return fs.readlinkSync(`/proc/self/fd/${file}`);
  } catch {
    return undefined;
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

function toUnreadable(error: unknown): unknown {
  switch (codeOf(error)) {
    case undefined:
      return error;
    case 'ENOENT':
      return new UnreadableError('is missing', true);
    case 'EACCES':
    case 'EPERM':
      return new UnreadableError('may not be read');
    case 'ENOTDIR':
      return new UnreadableError('is no folder');
    default:
      return new UnreadableError(`cannot be read (${codeOf(error)})`);
  }
}
