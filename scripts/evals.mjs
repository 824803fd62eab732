/**
 * Asks the demo's cases (vitest) and, where the shared ones lie beside this checkout, those too, offline and in every
 * wording, over databases and over the mlruns folders they were made from; holds what test/evals/floors.json promises, which only rises.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const sharedRun = path.join(root, '../shared/evals/run');

function run(command, args, env = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  if (error) throw error;
  return status === 0;
}

const program = `${process.execPath} ${path.join(root, 'dist/bin.js')}`;

/** The grader's own summary. */
function gradeShared(options, env) {
  const folder = mkdtempSync(path.join(tmpdir(), 'runsight-evals-'));
  try {
    const out = path.join(folder, 'results.json');
    const args = [sharedRun, ...options, '--show', 'wrong,partial,error,abstained', '--out', out];
    if (!run('python3', args, env)) return undefined;
    return JSON.parse(readFileSync(out, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param form `--files` for the mlruns folders that the databases were made from. */
const gradeWordings = (...form) =>
  gradeShared([...form, '--wordings', 'all'], { RUNSIGHT_CMD: program, RUNSIGHT_ARGS: '--model offline' });
const gradeDialogues = () =>
  gradeShared(['--dialogues'], { RUNSIGHT_CHAT_CMD: `${program} chat --json --model offline` });

/** Every turn of every conversation has to be right. */
function findWrongTurns({ summary, stores_changed: changed }) {
  return [
    summary.right < summary.questions && `${summary.questions - summary.right} turns of conversations are not right`,
    changed.length > 0 && `stores changed: ${changed.join(', ')}`,
  ].filter((line) => line !== false);
}

/** What falls short, in words. */
function findShortfalls({ summary, stores_changed: changed }, floor) {
  return [
    summary.right < floor.right && `${summary.right} right, the floor is ${floor.right}`,
    summary.wrong > floor.wrong && `${summary.wrong} wrong, at most ${floor.wrong}`,
    summary.error > 0 && `${summary.error} ended in an error`,
    summary.refused_when_due < 1 && 'something was answered that must be refused',
    changed.length > 0 && `stores changed: ${changed.join(', ')}`,
  ].filter((line) => line !== false);
}

const demoHolds = run(process.execPath, [
  path.join(root, 'node_modules/vitest/vitest.mjs'),
  'run',
  'test/evals/demo.test.ts',
  'test/evals/dialogues.test.ts',
]);
let shortfalls = [];
if (existsSync(sharedRun)) {
  const floors = JSON.parse(readFileSync(path.join(root, 'test/evals/floors.json'), 'utf8'));
  const graded = [gradeWordings(), gradeWordings('--files')];
  const talked = gradeDialogues();
  shortfalls =
    graded.includes(undefined) || talked === undefined
      ? ['the shared evals did not run']
      : [...graded.flatMap((one) => findShortfalls(one, floors.shared)), ...findWrongTurns(talked)];
  console.log(shortfalls.length === 0 ? '\nshared evals: floors held' : `\nshared evals: ${shortfalls.join('; ')}`);
} else {
  console.log('\nshared evals: left out, ../shared/evals is not here');
}
process.exitCode = demoHolds && shortfalls.length === 0 ? 0 : 1;
