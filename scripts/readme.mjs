/** Puts the built program's answers and the frames' tables into the README; `--check` only says whether they are still so. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { TABLES } from './offline-table.ts';

const root = path.join(import.meta.dirname, '..');
const file = path.join(root, 'README.md');
const EXAMPLE = /(```text\n\$ npx runsight ask "([^"]+)"\n)([\s\S]*?)(?=\n```)/g;
const OFFLINE = /(<!-- offline: made by scripts\/readme\.mjs -->)[\s\S]*?(<!-- \/offline -->)/;
/** The only part of an answer that differs from run to run. */
const TIME = /· [\d.]+ m?s$/m;

const home = mkdtempSync(path.join(tmpdir(), 'runsight-readme-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));

function ask(question) {
  const { stdout } = spawnSync(process.execPath, [path.join(root, 'dist/bin.js'), 'ask', question], {
    cwd: home,
    env: { HOME: home, TZ: 'UTC' },
    encoding: 'utf8',
  });
  return stdout.trimEnd();
}

const before = readFileSync(file, 'utf8');
if (!OFFLINE.test(before)) throw new Error('README: the markers around the offline tables are gone');
const tabled = before.replace(OFFLINE, (_, open, close) => `${open}\n\n${TABLES}\n\n${close}`);
const after = tabled.replace(EXAMPLE, (_, head, question, shown) => {
  const answer = ask(question);
  return head + (answer.replace(TIME, '') === shown.replace(TIME, '') ? shown : answer);
});
if (after === before) console.log('README: examples and tables are as the program has them');
else if (process.argv.includes('--check')) {
  console.log('README: examples or tables are stale; run node scripts/readme.mjs');
  process.exitCode = 1;
} else writeFileSync(file, after);
