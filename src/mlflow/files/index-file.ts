/**
 * The index of a folder as one file in the cache: may be deleted at any time, is replaced as a whole, and counts for
 * nothing where it is of another version, of another folder, or damaged.
 */
import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import { readRegularFile } from '../../read-regular-file.ts';
import type { Indexed } from './indexed.ts';
import { type Packed, pack, unpack } from './pack-index.ts';

/** Raised whenever what is packed changes. */
const VERSION = 2;
const HEADER_BYTES = 8;
/** An index of a million runs is about as large. */
const MOST_BYTES = 1 << 30;

export class IndexFile {
  readonly #path: string;
  readonly #root: string;

  /** @param root the folder that is indexed: a real path. */
  constructor(cacheFolder: string, root: string) {
    const name = createHash('sha256').update(root).digest('hex').slice(0, 24);
    this.#path = path.join(cacheFolder, 'mlruns', `${name}.index`);
    this.#root = root;
  }

  /** Undefined where there is none that counts. */
  async load(): Promise<Indexed | undefined> {
    try {
      const bytes = readRegularFile(this.#path, MOST_BYTES, constants.O_NOFOLLOW);
      const body = bytes.subarray(HEADER_BYTES);
      if (bytes.readUInt32LE(0) !== VERSION || bytes.readUInt32LE(4) !== crc32(body)) return undefined;
      const { root, packed } = deserialize(body) as { readonly root: string; readonly packed: Packed };
      return root === this.#root ? unpack(packed) : undefined;
    } catch {
      return undefined;
    }
  }

  /** Without a cache that can be written, the next question reads everything again. */
  async save(indexed: Indexed): Promise<void> {
    const body = serialize({ root: this.#root, packed: pack(indexed) });
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt32LE(VERSION, 0);
    header.writeUInt32LE(crc32(body), 4);
    const temporary = `${this.#path}.${randomUUID()}`;
    try {
      await fs.mkdir(path.dirname(this.#path), { recursive: true, mode: 0o700 });
      await fs.writeFile(temporary, Buffer.concat([header, body]), { mode: 0o600, flag: 'wx' });
      await fs.rename(temporary, this.#path);
    } catch {
      await fs.rm(temporary, { force: true }).catch(() => undefined);
    }
  }
}
