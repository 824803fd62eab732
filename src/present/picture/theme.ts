/** Sizes, colours and shapes of pictures. */

export const PLOT_WIDTH = 680;
export const PLOT_HEIGHT = 340;

export const TEXT_SIZE = 12;
export const TITLE_SIZE = 17;
export const NOTE_SIZE = 11;

export const INK = '#222222';
export const SOFT_INK = '#5f6368';
export const GREY = '#b8bcc2';
export const GRID = '#e6e8eb';

/** Okabe & Ito 2008, those with a contrast of 3:1 on white first; never the only thing that tells curves apart. */
export const COLOURS = [
  '#0072B2',
  '#D55E00',
  '#009E73',
  '#CC79A7',
  '#E69F00',
  '#56B4E9',
  '#000000',
  '#F0E442',
] as const;

/** Pixels on and off along a line, one pattern per colour. */
export const DASHES = [
  [1, 0],
  [7, 3],
  [2, 2],
  [9, 3, 2, 3],
  [12, 4],
  [5, 2, 1, 2, 1, 2],
  [1, 4],
  [14, 3, 4, 3],
] as const;

export const SHAPES = [
  'circle',
  'square',
  'triangle-up',
  'diamond',
  'cross',
  'triangle-down',
  'triangle-right',
  'triangle-left',
] as const;

/** What Vega is to draw with everywhere. */
export const CONFIG = {
  font: 'sans-serif',
  aria: false,
  view: { stroke: null },
  axis: {
    labelFontSize: TEXT_SIZE,
    titleFontSize: TEXT_SIZE + 1,
    titleFontWeight: 'normal',
    labelColor: INK,
    titleColor: INK,
    domainColor: SOFT_INK,
    tickColor: SOFT_INK,
    gridColor: GRID,
    titlePadding: 10,
    labelOverlap: true,
    labelFlush: false,
  },
  text: { font: 'sans-serif', fontSize: TEXT_SIZE, color: INK },
} as const;
