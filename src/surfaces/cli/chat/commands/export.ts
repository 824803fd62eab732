/** `/export`: a finding at full precision, on the screen or into a file. */
import path from 'node:path';
import { ConfigError } from '../../../../config/config.ts';
import { quoteName } from '../../../../finding/quote.ts';
import { type ExportFormat, exportFindings } from '../../../../present/export.ts';
import { joinInTurns } from '../../../../present/join-in-turns.ts';
import { writeOutput } from '../../../shared/write-file.ts';
import { type ChatCommand, say, splitArguments } from './command.ts';
import { expandHome } from './files.ts';
import { findingOf, handlesOf, isHandle, lastFinding } from './findings.ts';

const FORMATS: readonly ExportFormat[] = ['csv', 'json', 'md'];
const isFormat = (word: string): word is ExportFormat => FORMATS.some((format) => format === word);

export const exportCommand: ChatCommand = {
  name: '/export',
  usage: '[#3] csv|json|md [FILE]',
  help: 'give a finding at full precision, here or into a file',
  complete: (chat) => [...FORMATS, ...handlesOf(chat)],
  async run(rest, chat) {
    const words = splitArguments(rest);
    const handle = words.find(isHandle);
    const named = words.find(isFormat);
    const [file, ...others] = words.filter((word) => word !== handle && word !== named);
    if (others.length > 0)
      throw new ConfigError(`/export takes one file, not also "${others[0]}"; quote a name with spaces`);
    const format = named ?? formatOf(file);
    if (format === undefined)
      throw new ConfigError(`/export needs a format: ${FORMATS.join(', ')}, or a file that ends in one`);
    const finding = handle === undefined ? lastFinding(chat) : findingOf(chat, handle);
    const exported = exportFindings([finding], format);
    const content = await joinInTurns(exported.pieces);
    const notes = exported.notes();
    if (content === '') throw new ConfigError(`${finding.handle} has no table or curve, so there is no ${format}`);
    if (file === undefined) return { kind: 'raw', text: content + notes.map((note) => `Note: ${note}\n`).join('') };
    const target = expandHome(file);
    writeOutput(target, content);
    const wrote = `Wrote ${finding.handle} (${finding.title}) as ${format} into ${quoteName(target, 200)}.`;
    return say([wrote, ...notes.map((note) => `Note: ${note}`)].join('\n'));
  },
};

function formatOf(file: string | undefined): ExportFormat | undefined {
  const ending = path
    .extname(file ?? '')
    .slice(1)
    .toLowerCase();
  return isFormat(ending) ? ending : undefined;
}
