/** Files that people and other programs name: nothing that waits, ends nowhere or is too large is read. */
import fs from 'node:fs';

/** A FIFO would wait for its writer; 0 where a system lacks it. */
const SAFELY = fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0);
const CHUNK_BYTES = 1 << 16;
/** Bundles of certificates are the largest files that people write. */
const MOST_BYTES = 16 << 20;

/** All of a file. @throws Error whose message follows the file's name and a colon. */
export function readRegularFile(file: string, mostBytes = MOST_BYTES, flags = 0): Buffer {
  const handle = fs.openSync(file, SAFELY | flags);
  try {
    const { size } = requireRegular(handle);
    if (size > mostBytes) throw tooLarge(mostBytes);
    const chunks: Buffer[] = [];
    for (let total = 0; ; ) {
      const chunk = Buffer.allocUnsafe(Math.max(CHUNK_BYTES, size - total));
      const count = fs.readSync(handle, chunk);
      if (count === 0) return Buffer.concat(chunks, total);
      chunks.push(chunk.subarray(0, count));
      total += count;
      if (total > mostBytes) throw tooLarge(mostBytes);
    }
  } finally {
    fs.closeSync(handle);
  }
}

/** The end of a file that may be large: at most so many bytes. */
export function readEnd(
  file: string,
  mostBytes: number,
  flags = 0,
): { readonly bytes: Buffer; readonly isCut: boolean } {
  const handle = fs.openSync(file, SAFELY | flags);
  try {
    const { size } = requireRegular(handle);
    const bytes = Buffer.allocUnsafe(Math.min(size, mostBytes));
    const count = fs.readSync(handle, bytes, 0, bytes.length, size - bytes.length);
    return { bytes: bytes.subarray(0, count), isCut: size > mostBytes };
  } finally {
    fs.closeSync(handle);
  }
}

function requireRegular(handle: number): fs.Stats {
  const stats = fs.fstatSync(handle);
  if (!stats.isFile()) throw new Error('it is no regular file');
  return stats;
}

const tooLarge = (mostBytes: number): Error => new Error(`it is larger than ${mostBytes / (1 << 20)} MiB`);
