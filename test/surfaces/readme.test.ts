/** The README against the program: what it promises must be so. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { TABLES } from '../../scripts/offline-table.ts';
import { createApp } from '../../src/app/create-app.ts';
import { readConfig } from '../../src/config/config.ts';
import { HELP } from '../../src/surfaces/cli/help.ts';
import { EXIT_CODES } from '../../src/surfaces/shared/exit-codes.ts';
import { tools } from '../../src/tools/index.ts';

const root = path.join(import.meta.dirname, '../..');
const readme = readFileSync(path.join(root, 'README.md'), 'utf8');

/** First cells of the table under a heading. */
function firstCells(heading: string): string[] {
  const section = readme.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| '));
  return rows.slice(1).map((row) => row.split(' | ')[0]?.slice(2) ?? '');
}

const codes = (text: string): string[] => Array.from(text.matchAll(/`([^`]+)`/g), ([, code = '']) => code);

describe('README', () => {
  it('has a quick start of two command lines', () => {
    expect(readme.match(/^npm ci && .*$/gm)).toEqual([
      'npm ci && npx runsight ask "Which run had the highest F1 score?"',
      'npm ci && npm test',
    ]);
  });

  it('lists the tools in their order', () => {
    expect(firstCells('Tools').flatMap(codes)).toEqual(tools.map((tool) => tool.name));
  });

  it('lists every variable that is read, and no other', () => {
    const source = ['src/config/settings.ts', 'src/surfaces/cli/screen.ts', 'src/surfaces/shared/faults.ts']
      .map((file) => readFileSync(path.join(root, file), 'utf8'))
      .join('\n');
    const read = new Set(
      source.match(/\b(?:MLFLOW|DATABRICKS|TRACKING|ANTHROPIC|SLACK|RUNSIGHT|HTTPS?|ALL|NO|FORCE)_[A-Z_]+\b/g),
    );
    expect(new Set(firstCells('Environment').flatMap(codes))).toEqual(read);
  });

  it('lists every flag of --help', () => {
    const flags = (text: string) => new Set(text.match(/--[a-z-]+/g));
    const listed = flags(firstCells('Flags').join());
    expect(listed).toEqual(new Set([...flags(HELP)].filter((flag) => !['--help', '--version'].includes(flag))));
  });

  it('lists every documented exit status', () => {
    const { internal: _, ...documented } = EXIT_CODES;
    expect(firstCells('Exit status').map(Number)).toEqual(Object.values(documented));
  });
});

describe('what README says that offline understands', () => {
  const app = createApp(readConfig({ HOME: '/nonexistent', TZ: 'UTC' }, { model: 'offline' }, '/'));
  afterAll(() => app.close());

  const section = readme.split('<!-- offline: made by scripts/readme.mjs -->')[1]?.split('<!-- /offline -->')[0] ?? '';
  const [answered = '', declined = ''] = section.split('| declined');
  const questionsOf = (table: string) =>
    table.split('\n').flatMap((line) => codes(line.split(' | ').slice(1).join(' ')));

  async function answerTo(question: string) {
    for await (const event of app.ask(question, new AbortController().signal)) {
      if (event.type === 'answer') return event.answer;
    }
    throw new Error('no answer');
  }

  it('is what the frames say', () => expect(section.trim()).toBe(TABLES));

  it.each(questionsOf(answered))('%s', async (question) => {
    const { status, text } = await answerTo(question);
    expect([status, text]).toEqual(['answered', expect.anything()]);
  });

  it.each(questionsOf(declined))('%s', async (question) => {
    const { status, text } = await answerTo(question);
    expect([status, text]).toEqual(['cannot', expect.not.stringContaining('Not understood')]);
  });
});
