/** Ways in which one run of an mlruns folder can be hostile or broken, and what is to become of that run. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { writeText } from './mlruns.ts';

/** What an answer says of the run: nothing, that it could be read in part, not at all, or any of these. */
export type Fate = 'whole' | 'partly' | 'lost' | 'any';

export interface Place {
  /** The run's folder. */
  readonly run: string;
  /** Another run's of the same experiment, which is left as it is. */
  readonly other: string;
  /** A file outside the folder, which nothing may show. */
  readonly secret: string;
  /** A folder outside. */
  readonly outside: string;
  random(below: number): number;
}

type Fault = readonly [name: string, fate: Fate, make: (place: Place) => void];

const meta = ({ run }: Place): string => join(run, 'meta.yaml');
const rewrite = (place: Place, change: (text: string) => string): void =>
  writeFileSync(meta(place), change(readFileSync(meta(place), 'utf8')));
const field = (name: string, value: string) => (place: Place) =>
  rewrite(place, (text) => text.replace(new RegExp(`^${name}: .*$`, 'm'), `${name}: ${value}`));
const fifo = (path: string): void => {
  execFileSync('mkfifo', [path]);
};
const sparse = (path: string, bytes: number): void => {
  writeText(path, '');
  truncateSync(path, bytes);
};
const replaced = (path: string, make: () => void): void => {
  rmSync(path, { recursive: true });
  make();
};
const metric = (text: string) => (place: Place) => writeText(join(place.run, 'metrics', 'accuracy'), text);
const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'];
/** Each line holds the one before it ten times. */
const BOMB = LETTERS.map((name, at) => {
  const before = at === 0 ? 'x' : `*${LETTERS[at - 1]}`;
  return `${name}${name}: &${name} [${Array.from({ length: 10 }, () => before).join(', ')}]\n`;
}).join('');
const deep = (kind: string, depth: number) => (place: Place) =>
  writeText(join(place.run, kind, ...Array.from({ length: depth }, () => 'd'), 'key'), '1 1 1\n');

export const FAULTS: readonly Fault[] = [
  // meta.yaml
  ['empty', 'lost', (place) => writeFileSync(meta(place), '')],
  ['missing', 'lost', (place) => rmSync(meta(place))],
  ['a FIFO', 'lost', (place) => replaced(meta(place), () => fifo(meta(place)))],
  ['a folder', 'lost', (place) => replaced(meta(place), () => mkdirSync(meta(place)))],
  ['a link out', 'lost', (place) => replaced(meta(place), () => symlinkSync(place.secret, meta(place)))],
  ['a hard link out', 'lost', (place) => replaced(meta(place), () => linkSync(place.secret, meta(place)))],
  ['a device', 'lost', (place) => replaced(meta(place), () => symlinkSync('/dev/zero', meta(place)))],
  ['10 GB', 'lost', (place) => truncateSync(meta(place), 10_000_000_000)],
  ['a line of 10 MB', 'whole', (place) => rewrite(place, (text) => `${text}junk: ${'x'.repeat(10 << 20)}\n`)],
  ['a YAML bomb', 'any', (place) => rewrite(place, (text) => BOMB + text)],
  ['deep YAML', 'lost', field('tags', `${'['.repeat(50_000)}${']'.repeat(50_000)}`)],
  ['YAML of a language', 'lost', field('run_name', '!!python/object/apply:os.system ["true"]')],
  ['prototype keys', 'any', (place) => rewrite(place, (text) => `__proto__: {status: 1}\nconstructor: x\n${text}`)],
  ['two documents', 'lost', (place) => rewrite(place, (text) => `${text}---\n${text}`)],
  ['a NUL', 'lost', (place) => rewrite(place, (text) => `${text}x: \0\n`)],
  ['cut anywhere', 'any', (place) => rewrite(place, (text) => text.slice(0, place.random(text.length)))],
  ['a flipped bit', 'any', flipBit],
  ['another id', 'lost', field('run_id', `'${'f'.repeat(32)}'`)],
  ['another experiment', 'lost', field('experiment_id', "'99'")],
  ['a status that is none', 'lost', field('status', '99')],
  ['a status of words', 'lost', field('status', 'abc')],
  ['a start that is none', 'whole', field('start_time', '.nan')],
  ['a start beyond every calendar', 'whole', field('start_time', '9'.repeat(40))],
  ['a name of controls', 'whole', field('run_name', '"\\e[31mred\\u202e\\u009b"')],
  ['a name of lists', 'any', field('run_name', '[1, 2]')],
  // metrics
  ['garbage', 'partly', metric('x y z\n')],
  ['numbers of other languages', 'partly', metric('1 0x10 0\n1 1_000 0\n1 0,9 0\n1 ٠.٩ 0\n')],
  ['no number', 'whole', metric('1 nan 0\n1 -inf 1\n')],
  ['a step beyond 64 bits', 'any', metric('1 0.1 99999999999999999999\n')],
  ['NULs behind a point', 'any', metric(`1 0.1 0\n${'\0'.repeat(4096)}`)],
  ['no point', 'whole', metric('\n\n\n')],
  ['a line of 5 MB', 'partly', metric(`${'1'.repeat(5 << 20)}\n`)],
  ['a metric of 10 GB', 'partly', ({ run }) => sparse(join(run, 'metrics', 'huge'), 10_000_000_000)],
  ['a metric as FIFO', 'partly', ({ run }) => fifo(join(run, 'metrics', 'pipe'))],
  [
    'metrics behind a link',
    'any',
    ({ run, outside }) => replaced(join(run, 'metrics'), () => symlinkSync(outside, join(run, 'metrics'))),
  ],
  ['metrics as a file', 'any', ({ run }) => replaced(join(run, 'metrics'), () => writeText(join(run, 'metrics'), 'x'))],
  ['metrics too deep', 'partly', deep('metrics', 60)],
  [
    'odd keys',
    'whole',
    ({ run }) => {
      for (const key of ['__proto__', '\x1b[31mred', 'a\nb', '%2e%2e%2f', '..a', '-x', 'x'.repeat(255), '\u202eabc'])
        writeText(join(run, 'metrics', key), '1 0.1 0\n');
    },
  ],
  // params and tags
  ['a param linked out', 'partly', ({ run, secret }) => symlinkSync(secret, join(run, 'params', 'secret'))],
  ['a param hard-linked out', 'partly', ({ run, secret }) => linkSync(secret, join(run, 'params', 'hard'))],
  [
    'a param hard-linked within',
    'whole',
    ({ run, other }) => linkSync(join(other, 'params', 'lr'), join(run, 'params', 'shared')),
  ],
  ['a param as FIFO', 'partly', ({ run }) => fifo(join(run, 'params', 'pipe'))],
  [
    'params behind a link',
    'any',
    ({ run }) => replaced(join(run, 'params'), () => symlinkSync('/proc/self', join(run, 'params'))),
  ],
  ['a param of 2 MB', 'partly', ({ run }) => writeText(join(run, 'params', 'big'), 'x'.repeat(2 << 20))],
  ['a tag of 10 GB', 'partly', ({ run }) => sparse(join(run, 'tags', 'huge'), 10_000_000_000)],
  [
    '2,000 params',
    'whole',
    ({ run }) => {
      for (let index = 0; index < 2_000; index++) writeText(join(run, 'params', `p${index}`), '');
    },
  ],
  ['params too deep', 'partly', deep('params', 60)],
  ['a link in a circle', 'partly', ({ run }) => symlinkSync('round', join(run, 'params', 'round'))],
  // the folder itself
  [
    'a run behind a link',
    'lost',
    ({ run, outside }) => {
      renameSync(run, join(outside, 'run'));
      symlinkSync(join(outside, 'run'), run);
    },
  ],
  ['a run as FIFO', 'lost', ({ run }) => replaced(run, () => fifo(run))],
  ['nothing to be read', 'any', ({ run }) => chmodSync(run, 0)],
];

function flipBit(place: Place): void {
  const bytes = readFileSync(meta(place));
  bytes[place.random(bytes.length)]! ^= 1 << place.random(8);
  writeFileSync(meta(place), bytes);
}
