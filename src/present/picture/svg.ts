/** Turns what Vega wrote into the picture that is given out: text as outlines of the shipped font, words for who cannot see it. */
import { sanitizeLine, visibleEscape } from '../sanitize.ts';
import { shippedFont } from './font.ts';

/** Vega writes every text on its own, with its attributes quoted and its words escaped; an empty one closes itself. */
const TEXT = /<text((?: [\w-]+="[^"]*")*)(?:\/>|>([^<]*)<\/text>)/g;
/** Vega's names for its parts: a picture is one image with one description. */
const PART_NAMES = / (?:class|role|aria-[\w-]+|pointer-events)="[^"]*"| xmlns:xlink="[^"]*"/g;

/** @param svg from Vega, of texts that `pictureText` gave */
export function finishSvg(svg: string, title: string, alt: string): string {
  const words = `<title>${escapeXml(title)}</title><desc>${escapeXml(alt)}</desc>`;
  const drawn = svg.replace(TEXT, (_, attributes: string, text = '') => outlineElement(attributes, unescapeXml(text)));
  return drawn
    .replace(PART_NAMES, '')
    .replace(/^<svg ([^>]*)>/, (_, attributes: string) => `<svg ${attributes} role="img">${words}`);
}

function outlineElement(attributes: string, text: string): string {
  const read = (name: string) => new RegExp(` ${name}="([^"]*)"`).exec(attributes)?.[1];
  if (read('opacity') === '0') return '';
  const size = Number.parseFloat(read('font-size') ?? '11');
  const font = shippedFont();
  const share = { middle: -0.5, end: -1 }[read('text-anchor') ?? ''] ?? 0;
  const path = font.outline(text, size, share * font.width(text, size));
  if (path === '') return '';
  const kept = ['transform', 'fill', 'opacity', 'fill-opacity'].flatMap((name) => {
    const value = read(name);
    return value === undefined ? [] : [` ${name}="${value}"`];
  });
  return `<path${kept.join('')} d="${path}"/>`;
}

const NAMED = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' } as const;

/** Text for an XML element: markup escaped, characters that XML forbids written out. */
function escapeXml(text: string): string {
  const line = sanitizeLine(text).replace(/[\ufffe\uffff]/g, visibleEscape);
  return line.replace(/[&<>"]/g, (character) => NAMED[character as keyof typeof NAMED]);
}

function unescapeXml(text: string): string {
  const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#160': '\u00a0' };
  return text.replace(/&(amp|lt|gt|quot|#160);/g, (_, name: string) => named[name] ?? '');
}
