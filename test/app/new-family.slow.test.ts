/**
 * A family of data with a kind and a capability of its own is added as somebody would add it: three new folders and a
 * line in two lists. Nothing else is touched, and it is there in every place.
 */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, insertRun } from '../support/databases.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '../support/demo.ts';
import { startMessagesApi, text, toolUse } from '../support/messages-api.ts';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);

let folder: TemporaryFolder;
let checkout: string;
let database: string;

/** The program's sources with the fixture in their midst. */
function addFamily(): void {
  for (const part of ['src', 'prompts', 'package.json', 'tsconfig.json', 'biome.json', '.gitignore'])
    cpSync(join(root, part), join(checkout, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'));
  cpSync(join(root, 'test/fixtures/widgets'), join(checkout, 'src'), { recursive: true });
  insert('query/kinds/index.ts', "import { WIDGET } from './widget.ts';", 'WIDGET');
  insert('tools/index.ts', "import { listWidgets } from './list-widgets/tool.ts';", 'listWidgets');
}

/** An import, and an entry at the end of the file's list. */
function insert(file: string, line: string, entry: string): void {
  const path = join(checkout, 'src', file);
  const source = readFileSync(path, 'utf8');
  const end = source.lastIndexOf(']');
  const list = `${source.slice(0, end).trimEnd().replace(/,$/, '')}, ${entry}${source.slice(end)}`;
  writeFileSync(path, list.replace('\nimport ', `\n${line}\nimport `));
}

function writeWidgets(): void {
  using written = createDatabase(database, '3');
  insertRun(written, { id: 'a'.repeat(32), name: 'a run' });
  written.exec(`CREATE TABLE widgets (id TEXT, name TEXT, weight REAL);
    INSERT INTO widgets VALUES ('w-1', 'anvil', 812.5), ('w-2', 'feather', 0.25), ('w-3', 'brick', 40)`);
}

async function ask(question: string, flags: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const args = [join(checkout, 'src/main.ts'), 'ask', question, '--uri', `sqlite:///${database}`, ...flags];
  const options = { env: { HOME: folder.path, TZ: 'UTC', NO_COLOR: '1', ...env }, cwd: folder.path };
  const done = await run(process.execPath, args, options).catch((error: { stdout: string; stderr: string }) => error);
  return `${done.stdout}${done.stderr}`;
}

beforeAll(() => {
  folder = makeTemporaryFolder();
  checkout = join(folder.path, 'checkout');
  mkdirSync(checkout);
  database = join(folder.path, 'mlflow.db');
  addFamily();
  writeWidgets();
});
afterAll(() => folder[Symbol.dispose]());

describe('a kind, a family and a capability that nothing else knows of', () => {
  it('hold to the types and to the import rule', async () => {
    await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', '-p', checkout]);
    await run(join(root, 'node_modules/.bin/biome'), ['lint', 'src'], { cwd: checkout });
  });

  it.each(['how many widgets are there?', 'number of gadgets', 'list the widgets'])(
    'are read offline by their nouns and counted in their unit: %s',
    async (question) => {
      const answer = await ask(question, ['--model', 'offline']);
      expect(answer).toContain('There are 3 widgets, the heaviest anvil (w-1) with 812.5 g.');
      expect(answer).toContain('3 widgets · all racks · weights as stored');
    },
  );

  it('stand in /why, in files to take away and in charts', async () => {
    const offline = ['--model', 'offline'];
    const why = await ask('list the widgets', [...offline, '--why']);
    expect(why).toContain('Scope: all racks');
    expect(why).toMatch(/Widgets: 3/);
    expect(await ask('list the widgets', [...offline, '--format', 'csv'])).toContain(
      'widget_id,widget_name,weight\r\nw-1,anvil,812.5\r\n',
    );
    const record = JSON.parse(await ask('list the widgets', [...offline, '--json']));
    expect(record.findings[0]).toMatchObject({
      tool: 'list_widgets',
      coverage: { unit: 'widget', matched: 3 },
      subject: { refs: [{ kind: 'widget', id: 'w-1', name: 'anvil' }, {}, {}] },
    });
  });

  it('are offered to Claude, whose words are held against them', async () => {
    const api = await startMessagesApi([
      { content: [toolUse('t1', 'list_widgets', {})] },
      { content: [text('There are 3 widgets; `anvil` weighs 812.5 g, `brick` 41 g.')] },
      { content: [text('There are 3 widgets; `anvil` weighs 812.5 g, `brick` 41 g.')] },
    ]);
    const env = { ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: api.url };
    const answer = await ask('what do my widgets weigh, each of them?', ['--model', 'claude'], env);
    expect(answer).toMatch(/There are 3 widgets; anvil weighs 812\.5 g, brick 41 \[unverified\]/);
    expect(api.requests[0]?.body.tools?.map(({ name }) => name)).toContain('list_widgets');
    await api.close();
  });

  it('are read from a table that the database refuses without them', async () => {
    const { openStore } = await import('../../src/mlflow/open-store.ts');
    const store = await openStore(database);
    const { signal } = new AbortController();
    const count = await store.family?.(
      {
        name: 'widgets',
        tables: ['widgets'],
        overDatabase: (read) => () =>
          read(signal, (connection) => connection.all({ text: 'SELECT count(*) FROM widgets', values: [] })),
      },
      signal,
    );
    await expect(count?.()).rejects.toThrow(/prohibited|not authorized/);
    await store.close();
  });
});
