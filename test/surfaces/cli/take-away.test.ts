/** `ask --format`, `--why` and `--plot`: what goes where, and the exit status. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTemporaryFolder, type TemporaryFolder } from '../../support/demo.ts';
import { type Outcome, runProgram } from './run-program.ts';

const TOP = 'top 3 runs by accuracy';
const CURVE = 'Plot the training loss curve for run 17';

let folder: TemporaryFolder;
beforeAll(() => {
  folder = makeTemporaryFolder();
});
afterAll(() => folder[Symbol.dispose]());

const ask = (question: string, ...flags: readonly string[]): Promise<Outcome> =>
  runProgram(['ask', question, '--model', 'offline', ...flags], { cwd: folder.path });

describe('ask --format', () => {
  it('prints the table alone, and what it lacks on standard error', async () => {
    expect(await ask(TOP, '--format', 'csv')).toEqual({
      code: 0,
      stdout: [
        'run_id,run_name,accuracy',
        'ec647f4f5c1346a39c79569f3449b2f6,run-145,0.800476',
        'e8948dc322aa46fe8d5feb548d301caf,run-009,0.793333',
        'c34400c1f3d749f78f74d7158b046433,run-119,0.790952\r\n',
      ].join('\r\n'),
      stderr: 'runsight: `Runs by accuracy` of #1 holds 3 of 153 rows\n',
    });
  });

  it('prints curves point by point', async () => {
    const { stdout, code } = await ask(CURVE, '--format', 'csv');
    expect(stdout).toMatch(
      /^run_id,run_name,metric,step,value\r\n45b58f3a807d4f89bece2523375277c6,run-017,training_loss,0,0\.557364\r\n/,
    );
    expect(code).toBe(0);
  });

  it('prints findings as JSON and as Markdown', async () => {
    const [json, md] = await Promise.all([ask(TOP, '--format', 'json'), ask(TOP, '--format', 'md')]);
    expect(JSON.parse(json.stdout)).toMatchObject([{ handle: '#1', tool: 'rank_runs' }]);
    expect(md.stdout).toMatch(/^## #1 Runs by accuracy\n/);
    expect(md.stdout).toContain('| run_id | run_name | accuracy |');
  });

  it.each([
    ['what is the weather today?', 5, /cannot answer/],
    ['what can you do?', 5, /I answer questions/],
    ['best run', 6, /Ask one of:/],
  ])('%s: no data on standard output, the words on standard error', async (question, exit, words) => {
    const { code, stdout, stderr } = await ask(question, '--format', 'csv');
    expect([code, stdout]).toEqual([exit, '']);
    expect(stderr).toMatch(words);
  });

  it.each([
    [['--format', 'xml'], 'runsight: --format must be csv, md or json, not "xml"\n'],
    [
      ['--format', 'csv', '--json'],
      'runsight: --json prints the whole answer record and --format its findings: give one of them\n',
    ],
  ])('%j is refused before anything is asked', async (flags, stderr) => {
    expect(await ask(TOP, ...flags)).toEqual({ code: 2, stdout: '', stderr });
  });
});

describe('ask --why', () => {
  it('follows the answer with what it stands on, Python as it can be copied', async () => {
    const { code, stdout, stderr } = await ask(TOP, '--why', '--width', '60');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^The 3 runs with the best/);
    expect(stdout).toContain('• Left out: 6 parent runs');
    expect(stdout).toContain('{"tool":"rank_runs","input":{');
    const reproduce = JSON.parse((await ask(TOP, '--json')).stdout).findings[0].reproduce as string;
    expect(stdout).toContain(`\n\n${reproduce}\n\n`);
  });

  it('keeps off the data of --json and --format', async () => {
    const [json, csv] = await Promise.all([ask(TOP, '--why', '--json'), ask(TOP, '--why', '--format', 'csv')]);
    expect(JSON.parse(json.stdout).status).toBe('answered');
    expect(csv.stdout).toMatch(/^run_id/);
    for (const { stdout, stderr } of [json, csv]) {
      expect(stdout).not.toContain('Left out');
      expect(stderr).toContain('Left out: 6 parent runs');
    }
  });

  it('explains a refusal', async () => {
    const { code, stdout } = await ask('what is the weather today?', '--why');
    expect(code).toBe(5);
    expect(stdout).toContain('This answer stands on no finding.');
  });
});

describe('ask --plot', () => {
  it('draws into the file beside the answer', async () => {
    const png = path.join(folder.path, 'loss.PNG');
    const [toPng, toSvg] = await Promise.all([ask(CURVE, '--plot', png), ask(CURVE, '--plot', 'loss.svg', '--json')]);
    expect(readFileSync(png).subarray(1, 4).toString()).toBe('PNG');
    expect(readFileSync(path.join(folder.path, 'loss.svg'), 'utf8')).toMatch(/^<svg/);
    expect(toPng.stdout).toContain('training_loss of run-017');
    expect(JSON.parse(toSvg.stdout).status).toBe('answered');
    expect(toSvg.stderr).toBe('runsight: drew "History of training_loss" into loss.svg\n');
    expect([toPng.code, toSvg.code]).toEqual([0, 0]);
  });

  it('lets the answer stand where nothing can be drawn', async () => {
    const { code, stdout, stderr } = await ask('show run run-145', '--plot', 'nothing.svg');
    expect(code).toBe(5);
    expect(stdout).toContain('run-145');
    expect(stderr).toBe('runsight: nothing in this answer can be drawn, so nothing.svg was not written\n');
    expect(readdirSync(folder.path)).not.toContain('nothing.svg');
  });

  it.each([
    ['x.pdf', 'runsight: --plot needs a file that ends in .svg or .png, not "x.pdf"\n'],
    ['no/x.svg', 'runsight: no/x.svg cannot be written: there is no folder no; make it first\n'],
  ])('%s is refused before anything is asked', async (file, stderr) => {
    expect(await ask(CURVE, '--plot', file)).toEqual({ code: 2, stdout: '', stderr });
  });
});
