/** The packed library in an empty project: strict types, questions, one's own tool, and an old Node. */
import { execFile } from 'node:child_process';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeTemporaryFolder, type TemporaryFolder } from '../../support/demo.ts';

const root = join(import.meta.dirname, '../../..');
const run = promisify(execFile);
const example = (name: string) => readFileSync(join(root, 'examples/library', name), 'utf8');

let project: TemporaryFolder;
const inProject = (file: string, args: readonly string[]) =>
  run(file, args, {
    cwd: project.path,
    env: { ...process.env, MLFLOW_TRACKING_URI: undefined, XDG_CONFIG_HOME: project.path },
  });

beforeAll(async () => {
  project = makeTemporaryFolder();
  await run('npm', ['pack', '--silent', '--pack-destination', project.path], { cwd: root });
  writeFileSync(join(project.path, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  const [packed = ''] = globSync(join(project.path, 'runsight-*.tgz'));
  await inProject('npm', ['install', '--silent', '--no-audit', '--no-fund', '--prefer-offline', packed]);
  for (const name of ['ask.ts', 'stream.ts', 'tools.ts', 'conversations.ts', 'own-tool.ts'])
    writeFileSync(join(project.path, name), `${example(name)}export {};\n`);
}, 300_000);
afterAll(() => project[Symbol.dispose]());

/** The compiler and Node's types are the repository's: the project has nothing but the package. */
const check = (...files: string[]) =>
  inProject(process.execPath, [
    join(root, 'node_modules/typescript/bin/tsc'),
    ...['--strict', '--noEmit', '--target', 'esnext', '--module', 'nodenext'],
    ...['--typeRoots', join(root, 'node_modules/@types'), '--types', 'node'],
    ...files,
  ]).catch(({ stdout }) => ({ stdout: String(stdout) }));

test('passes tsc --strict, its own declarations too', async () => {
  expect((await check('ask.ts', 'stream.ts', 'tools.ts', 'conversations.ts', 'own-tool.ts')).stdout).toBe('');
});

test('has types that refuse what is wrong', async () => {
  writeFileSync(
    join(project.path, 'wrong.ts'),
    "import { createRunsight } from 'runsight';\ncreateRunsight({ model: 7 });\n",
  );
  expect((await check('wrong.ts')).stdout).toMatch(/wrong\.ts\(2,18\): error TS2322/);
});

test('answers, and runs a tool written with the project’s own zod', async () => {
  expect((await inProject(process.execPath, ['ask.ts'])).stdout).toMatch(/^answered .*f1_score/);
  expect((await inProject(process.execPath, ['own-tool.ts'])).stdout).toMatch(/people started/);
  const shown = `${example('own-tool.ts')}console.log(JSON.stringify(countUsers.inputSchema()));`;
  writeFileSync(join(project.path, 'shown.ts'), shown);
  expect((await inProject(process.execPath, ['shown.ts'])).stdout).toContain('"description":"Id of the experiment."');
});

test('tells an old Node in one line what to do', async () => {
  const old = `node-${process.platform}-${process.arch}`;
  await inProject('npm', [
    'install',
    '--silent',
    '--no-audit',
    '--no-fund',
    '--no-save',
    '--prefer-offline',
    `${old}@20`,
  ]);
  const node = join(project.path, 'node_modules', old, 'bin/node');
  const words = "import('runsight').catch((error) => console.log(error.message))";
  const { stdout } = await inProject(node, ['--input-type=module', '-e', words]);
  expect(stdout).toMatch(/^runsight needs Node 24\.10 or newer .*; this is v20\.[^\n]*\n$/);
}, 120_000);
