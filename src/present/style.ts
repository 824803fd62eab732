/** What a terminal can show, and the only place that writes escape sequences. */

export interface Screen {
  /** Columns; never below MINIMUM_WIDTH. */
  readonly width: number;
  readonly color: boolean;
  /** False: only ASCII is drawn by us (text from a store stays as it is). */
  readonly unicode: boolean;
  /** Whether OSC 8 links work. */
  readonly hyperlinks: boolean;
}

export const MINIMUM_WIDTH = 40;

export type Tone = 'strong' | 'emphasis' | 'code' | 'dim' | 'bad' | Series;
type Series = `series-${0 | 1 | 2 | 3 | 4 | 5}`;

const SGR: Readonly<Record<Tone, readonly [on: number, off: number]>> = {
  strong: [1, 22],
  emphasis: [3, 23],
  code: [36, 39],
  dim: [2, 22],
  bad: [31, 39],
  'series-0': [94, 39],
  'series-1': [33, 39],
  'series-2': [32, 39],
  'series-3': [95, 39],
  'series-4': [36, 39],
  'series-5': [91, 39],
};

export function seriesTone(index: number): Tone {
  return `series-${(index % 6) as 0 | 1 | 2 | 3 | 4 | 5}`;
}

export function paint(screen: Screen, tone: Tone | undefined, text: string): string {
  if (tone === undefined || !screen.color || text === '') return text;
  const [on, off] = SGR[tone];
  return `\x1b[${on}m${text}\x1b[${off}m`;
}

/** Written out where the terminal has no links; a URL with anything but printable ASCII is never one. */
export function hyperlink(screen: Screen, label: string, url: string): string {
  return screen.hyperlinks && isLinkable(url) ? `\x1b]8;;${url}\x1b\\${label}\x1b]8;;\x1b\\` : label;
}

export function isLinkable(url: string): boolean {
  return /^https?:\/\/[\x21-\x7e]+$/.test(url);
}
