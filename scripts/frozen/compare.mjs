/** Holds two folders of answers against each other. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';

const SHOWN = 80;
const BEFORE_DIFFERENCE = 24;
const NOTHING = '(nothing)';

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const step = (key) => (/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`);

/** How many items are the same from the start, or from the end, of two lists. */
function countSame(before, after, most, fromEnd) {
  const at = (list, place) => list.at(fromEnd ? -1 - place : place);
  let same = 0;
  while (same < most && isDeepStrictEqual(at(before, same), at(after, same))) same++;
  return same;
}

/** Item by item, but for what only moved because something was put in or taken out. */
function findInLists(before, after, at, report) {
  const shorter = Math.min(before.length, after.length);
  const start = countSame(before, after, shorter, false);
  const end = countSame(before, after, shorter - start, true);
  for (let place = start; place < Math.max(before.length, after.length) - end; place++) {
    const [old, now] = [before, after].map((list) => (place < list.length - end ? list[place] : undefined));
    findDifferences(old, now, `${at}[${place}]`, report);
  }
}

/**
 * Calls `report(path, before, after, others)` for the topmost values that differ; a path begins with a dot.
 * `others` are the paths of a value that only has another name now.
 */
function findDifferences(before, after, at, report) {
  if (Array.isArray(before) && Array.isArray(after)) {
    findInLists(before, after, at, report);
  } else if (isObject(before) && isObject(after)) {
    const gone = Object.keys(before).filter((key) => !(key in after));
    const come = Object.keys(after).filter((key) => !(key in before));
    // The same value under another name is one difference.
    for (const key of [...gone]) {
      const renamed = come.find((other) => isDeepStrictEqual(before[key], after[other]));
      if (renamed === undefined) findDifferences(before[key], undefined, at + step(key), report);
      else {
        come.splice(come.indexOf(renamed), 1);
        const both = [key, renamed].map((one) => at + step(one));
        report(`${at}{${key} → ${renamed}}`, before[key], after[renamed], both);
      }
    }
    for (const key of come) findDifferences(undefined, after[key], at + step(key), report);
    for (const key of Object.keys(before).filter((one) => one in after))
      findDifferences(before[key], after[key], at + step(key), report);
  } else if (!Object.is(before, after)) report(at, before, after);
}

/** Both from a little before the place where they part. */
function shorten(before, after) {
  const texts = [before, after].map((one) => (one === undefined ? NOTHING : JSON.stringify(one)));
  let same = 0;
  while (same < texts[0].length && texts[0][same] === texts[1][same]) same++;
  const from = texts[0] === texts[1] ? 0 : Math.max(0, same - BEFORE_DIFFERENCE);
  return texts.map((text) => {
    const shown = text.slice(from, from + SHOWN);
    return `${from > 0 ? '…' : ''}${shown}${from + SHOWN < text.length ? '…' : ''}`;
  });
}

/** Whether a general path lies at or below one of the patterns. */
function ignores(patterns) {
  const matchers = patterns.map(
    (one) => new RegExp(`^${one.split('*').map(RegExp.escape).join('.*')}(?![\\p{L}\\p{N}_$])`, 'u'),
  );
  return (general) => matchers.some((matcher) => matcher.test(general));
}

/** A path without its place in lists. */
const generalise = (at) => at.replace(/^\./, '').replaceAll(/\[\d+\]/g, '[]');

const read = (folder, store) => JSON.parse(readFileSync(path.join(folder, `${store}.json`), 'utf8'));
const storesOf = (folder) => globSync('**/*.json', { cwd: folder }).map((file) => file.replace(/\.json$/, ''));

/** Prints them. @returns how many there are; nothing to compare is one. */
export function compareFolders(first, second, isWanted, { ignore, summary }) {
  const isIgnored = ignores(ignore);
  const [before, after] = [first, second].map((folder) => storesOf(folder).filter(isWanted));
  const kinds = new Map();
  const touched = new Set();
  let compared = 0;
  let count = 0;
  const note = (store, question, at, old, now, others = []) => {
    const exact = at.replace(/^\./, '');
    const general = generalise(at);
    if ([general, ...others.map(generalise)].some(isIgnored)) return;
    count++;
    const [left, right] = shorten(old, now);
    const kind = kinds.get(general) ?? { count: 0, example: `${store}: ${question}\n      ${left}\n      ${right}` };
    kinds.set(general, { ...kind, count: kind.count + 1 });
    const heading = `${store}: ${question}`;
    if (!summary) console.log(`${touched.has(heading) ? '' : `${heading}\n`}  ${exact}\n    - ${left}\n    + ${right}`);
    touched.add(heading);
  };
  for (const store of new Set([...before, ...after])) {
    const isInBoth = before.includes(store) && after.includes(store);
    if (!isInBoth) {
      console.log(`only in ${before.includes(store) ? first : second}: all of ${store}`);
      count++;
      continue;
    }
    const [old, now] = [read(first, store), read(second, store)];
    for (const question of new Set([...Object.keys(old), ...Object.keys(now)])) {
      compared++;
      if (!(question in old) || !(question in now))
        note(
          store,
          question,
          `(asked only in the ${question in old ? 'first' : 'second'})`,
          old[question],
          now[question],
        );
      else findDifferences(old[question], now[question], '', (...found) => note(store, question, ...found));
    }
  }
  console.log(`${summary ? '' : '\n'}differences by path, each with its first:`);
  for (const [general, kind] of [...kinds].sort(([, a], [, b]) => b.count - a.count))
    console.log(`  ${kind.count} × ${general}\n    ${kind.example}`);
  console.log(`${compared} answers compared, ${touched.size} differ in ${count} places`);
  return compared === 0 ? Math.max(count, 1) : count;
}
