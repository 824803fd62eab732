/** Whether every statement over a SQLite file comes to an end soon, found without SQLite. */
import { readSync } from 'node:fs';

const CHUNK = 2 ** 16;
const HEADER = 100;
/** The first byte of a page that leads to others, of a table's tree and of an index's. */
const [TABLE_INNER, INDEX_INNER] = [5, 2];

/**
 * Whether none of its pages is named twice as the child of another. Then a walk along a tree visits
 * each page a few times at most (SQLite goes 20 levels deep), while pages that name one another make it as long as one
 * likes. Pages that are free may say anything: that makes it false, never true.
 */
export function isSoonRead(handle: number, bytes: number): boolean {
  const buffer = Buffer.allocUnsafe(CHUNK);
  readSync(handle, buffer, 0, HEADER, 0);
  const stored = buffer.readUInt16BE(16);
  const size = stored === 1 ? 65_536 : stored;
  if (size < 512 || (size & (size - 1)) !== 0) return false;
  const named = new Uint8Array(Math.ceil(bytes / size) + 1);
  for (let from = 0; from < bytes; from += CHUNK) {
    const read = readSync(handle, buffer, 0, CHUNK, from);
    for (let page = 0; page + size <= read; page += size) {
      const start = from + page === 0 ? HEADER : 0;
      const kind = buffer[page + start];
      if ((kind === TABLE_INNER || kind === INDEX_INNER) && !nameChildren(buffer, page, start, size, named))
        return false;
    }
  }
  return true;
}

/** Notes the children of an inner page; false where one was noted before. */
function nameChildren(buffer: Buffer, page: number, start: number, size: number, named: Uint8Array): boolean {
  const header = page + start;
  const cells = buffer.readUInt16BE(header + 3);
  if (start + 12 + cells * 2 > size) return false;
  for (let cell = -1; cell < cells; cell++) {
    // The last child stands in the header.
    const at = cell < 0 ? header + 8 : page + buffer.readUInt16BE(header + 12 + cell * 2);
    if (at + 4 > page + size) return false;
    const child = buffer.readUInt32BE(at);
    if (child >= named.length || named[child] === 1) return false;
    named[child] = 1;
  }
  return true;
}
