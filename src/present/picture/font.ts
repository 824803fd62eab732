/**
 * The shipped font, read as TrueType: which characters it has, how wide they are and their outlines. Text in pictures is
 * drawn as these outlines, so that it looks the same wherever the picture is opened, and no system font matters.
 * Tables as in the OpenType specification 1.9: cmap (formats 4 and 12), head, hhea, hmtx, loca, glyf.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { findPackageRoot } from '../../package-root.ts';

export interface Font {
  /** Whether it can show a character: it has a glyph, and the glyph of what is no space is not empty. */
  has(codePoint: number): boolean;
  /** Width of a text of `size` pixels. */
  width(text: string, size: number): number;
  /** SVG path data of a text whose baseline begins at `x`, 0. */
  outline(text: string, size: number, x: number): string;
}

const FILE = 'fonts/wqy-microhei.ttc';

let shipped: Font | undefined;

/** Read once; some five milliseconds. */
export function shippedFont(): Font {
  shipped ??= readFont(readFileSync(path.join(findPackageRoot(import.meta.dirname), FILE)));
  return shipped;
}

/** A point of an outline, in font units, y upward. */
interface Point {
  readonly x: number;
  readonly y: number;
  readonly onCurve: boolean;
}

type Contours = readonly (readonly Point[])[];

/** The first face of a TrueType file or collection. */
export function readFont(file: Buffer): Font {
  const tables = readTables(file);
  const table = (tag: string): Buffer => {
    const found = tables.get(tag);
    if (found === undefined) throw new Error(`the font has no table ${tag}`);
    return found;
  };
  const [head, hmtx] = [table('head'), table('hmtx')];
  const unitsPerEm = head.readUInt16BE(18);
  const longMetrics = table('hhea').readUInt16BE(34);
  const glyphOf = readCharacters(table('cmap'));
  const glyphs = { loca: table('loca'), glyf: table('glyf'), isLong: head.readInt16BE(50) === 1 };
  const cache = new Map<number, Contours>();
  const contoursOf = (glyph: number): Contours => {
    const known = cache.get(glyph) ?? readContours(glyphs, glyph);
    cache.set(glyph, known);
    return known;
  };
  const advance = (glyph: number): number => hmtx.readUInt16BE(4 * Math.min(glyph, longMetrics - 1));
  const codesOf = (text: string) => Array.from(text, (character) => character.codePointAt(0) ?? 0);
  return {
    has(codePoint) {
      const glyph = glyphOf(codePoint);
      return glyph !== 0 && (contoursOf(glyph).length > 0 || /\s/u.test(String.fromCodePoint(codePoint)));
    },
    width: (text, size) => (codesOf(text).reduce((sum, code) => sum + advance(glyphOf(code)), 0) * size) / unitsPerEm,
    outline(text, size, x) {
      const scale = size / unitsPerEm;
      let at = x / scale;
      let path = '';
      for (const code of codesOf(text)) {
        const glyph = glyphOf(code);
        path += contoursOf(glyph)
          .map((contour) => contourPath(contour, at, scale))
          .join('');
        at += advance(glyph);
      }
      return path;
    },
  };
}

/** Bytes of each table of the first face, by tag. */
function readTables(file: Buffer): Map<string, Buffer> {
  const face = file.toString('latin1', 0, 4) === 'ttcf' ? file.readUInt32BE(12) : 0;
  const tables = new Map<string, Buffer>();
  for (let i = 0; i < file.readUInt16BE(face + 4); i++) {
    const record = face + 12 + 16 * i;
    const start = file.readUInt32BE(record + 8);
    tables.set(
      file.toString('latin1', record, record + 4),
      file.subarray(start, start + file.readUInt32BE(record + 12)),
    );
  }
  return tables;
}

/** From code point to glyph; 0 where the font has none. */
function readCharacters(cmap: Buffer): (codePoint: number) => number {
  const subtables = Array.from({ length: cmap.readUInt16BE(2) }, (_, i) => cmap.subarray(cmap.readUInt32BE(8 + 8 * i)));
  const whole = subtables.find((one) => one.readUInt16BE(0) === 12);
  if (whole !== undefined) return readSegmentedCoverage(whole);
  const basic = subtables.find((one) => one.readUInt16BE(0) === 4);
  if (basic === undefined) throw new Error('the font has no cmap of format 4 or 12');
  return readSegmentMapping(basic);
}

/** Format 12: groups of consecutive code points with consecutive glyphs. */
function readSegmentedCoverage(table: Buffer): (codePoint: number) => number {
  const groups = table.readUInt32BE(12);
  return (codePoint) => {
    for (let low = 0, high = groups - 1; low <= high; ) {
      const middle = (low + high) >> 1;
      const group = 16 + 12 * middle;
      if (codePoint < table.readUInt32BE(group)) high = middle - 1;
      else if (codePoint > table.readUInt32BE(group + 4)) low = middle + 1;
      else return table.readUInt32BE(group + 8) + codePoint - table.readUInt32BE(group);
    }
    return 0;
  };
}

/** Format 4: segments of the first 65,536 code points. */
function readSegmentMapping(table: Buffer): (codePoint: number) => number {
  const twice = table.readUInt16BE(6);
  const [ends, starts, deltas, offsets] = [14, 16 + twice, 16 + 2 * twice, 16 + 3 * twice] as const;
  return (codePoint) => {
    if (codePoint > 0xffff) return 0;
    for (let at = 0; at < twice; at += 2) {
      if (codePoint > table.readUInt16BE(ends + at)) continue;
      const start = table.readUInt16BE(starts + at);
      if (codePoint < start) return 0;
      const delta = table.readUInt16BE(deltas + at);
      const offset = table.readUInt16BE(offsets + at);
      if (offset === 0) return (codePoint + delta) & 0xffff;
      const glyph = table.readUInt16BE(offsets + at + offset + 2 * (codePoint - start));
      return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
    }
    return 0;
  };
}

interface Glyphs {
  readonly loca: Buffer;
  readonly glyf: Buffer;
  readonly isLong: boolean;
}

function readContours(glyphs: Glyphs, glyph: number): Contours {
  const { loca, glyf, isLong } = glyphs;
  const offset = (index: number) => (isLong ? loca.readUInt32BE(4 * index) : 2 * loca.readUInt16BE(2 * index));
  const [start, end] = [offset(glyph), offset(glyph + 1)];
  if (end <= start) return [];
  const bytes = glyf.subarray(start, end);
  const count = bytes.readInt16BE(0);
  return count >= 0 ? readSimple(bytes, count) : readComposite(glyphs, bytes);
}

const FLAG = { onCurve: 1, shortX: 2, shortY: 4, repeat: 8, sameX: 16, sameY: 32 } as const;

function readSimple(bytes: Buffer, contours: number): Contours {
  const ends = Array.from({ length: contours }, (_, i) => bytes.readUInt16BE(10 + 2 * i));
  const points = (ends.at(-1) ?? -1) + 1;
  let at = 10 + 2 * contours;
  at += 2 + bytes.readUInt16BE(at);
  const flags: number[] = [];
  while (flags.length < points) {
    const flag = bytes.readUInt8(at++);
    const times = flag & FLAG.repeat ? bytes.readUInt8(at++) + 1 : 1;
    for (let i = 0; i < times; i++) flags.push(flag);
  }
  const readAxis = (short: number, same: number) => {
    let value = 0;
    return flags.map((flag) => {
      if (flag & short) value += flag & same ? bytes.readUInt8(at++) : -bytes.readUInt8(at++);
      else if (!(flag & same)) {
        value += bytes.readInt16BE(at);
        at += 2;
      }
      return value;
    });
  };
  const xs = readAxis(FLAG.shortX, FLAG.sameX);
  const ys = readAxis(FLAG.shortY, FLAG.sameY);
  const all = flags.map((flag, i): Point => ({ x: xs[i]!, y: ys[i]!, onCurve: (flag & FLAG.onCurve) !== 0 }));
  return ends.map((end, i) => all.slice(i === 0 ? 0 : ends[i - 1]! + 1, end + 1)).filter(({ length }) => length > 1);
}

const PART = { words: 1, offsets: 2, scale: 8, more: 32, twoScales: 64, matrix: 128 } as const;

/** A glyph made of others, such as a letter and its accent. */
function readComposite(glyphs: Glyphs, bytes: Buffer): Contours {
  const contours: (readonly Point[])[] = [];
  let flags: number = PART.more;
  for (let at = 10; flags & PART.more; ) {
    flags = bytes.readUInt16BE(at);
    const part = readContours(glyphs, bytes.readUInt16BE(at + 2));
    at += 4;
    const words = (flags & PART.words) !== 0;
    const [dx, dy] = words
      ? [bytes.readInt16BE(at), bytes.readInt16BE(at + 2)]
      : [bytes.readInt8(at), bytes.readInt8(at + 1)];
    at += words ? 4 : 2;
    const number = () => {
      at += 2;
      return bytes.readInt16BE(at - 2) / 16_384;
    };
    let [xx, xy, yx, yy] = [1, 0, 0, 1];
    if (flags & PART.scale) xx = yy = number();
    else if (flags & PART.twoScales) [xx, yy] = [number(), number()];
    else if (flags & PART.matrix) [xx, xy, yx, yy] = [number(), number(), number(), number()];
    // Parts that are placed by matching points instead of offsets are rare and stay where they are.
    const [moveX, moveY] = flags & PART.offsets ? [dx, dy] : [0, 0];
    for (const contour of part)
      contours.push(
        contour.map(({ x, y, onCurve }) => ({ x: x * xx + y * yx + moveX, y: x * xy + y * yy + moveY, onCurve })),
      );
  }
  return contours;
}

/** One closed contour of quadratic curves; between two control points lies a point of the curve. */
function contourPath(contour: readonly Point[], shift: number, scale: number): string {
  const place = ({ x, y }: { x: number; y: number }) => `${round((x + shift) * scale)} ${round(-y * scale)}`;
  const between = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, onCurve: true });
  const first = contour.findIndex(({ onCurve }) => onCurve);
  const ordered = first < 0 ? contour : [...contour.slice(first), ...contour.slice(0, first)];
  const start = first < 0 ? between(ordered.at(-1)!, ordered[0]!) : ordered[0]!;
  let path = `M${place(start)}`;
  for (let i = first < 0 ? 0 : 1; i < ordered.length; i++) {
    const point = ordered[i]!;
    if (point.onCurve) {
      path += `L${place(point)}`;
      continue;
    }
    const next = ordered[i + 1] ?? start;
    path += `Q${place(point)} ${place(next.onCurve ? next : between(point, next))}`;
    if (next.onCurve) i += 1;
  }
  return `${path}Z`;
}

const round = (value: number): number => Math.round(value * 100) / 100;
