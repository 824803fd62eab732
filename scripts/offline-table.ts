/** The README's tables of what offline answers and declines, made from the frames themselves. */
import { declinedKinds } from '../src/agent/offline/frames/declined.ts';
import type { QuestionKind } from '../src/agent/offline/frames/frame.ts';
import { frames } from '../src/agent/offline/frames/index.ts';

const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;
const row = ({ answers, examples }: QuestionKind): string => `| ${answers} | ${examples.map(code).join(' · ')} |`;

function table(heading: string, kinds: readonly QuestionKind[]): string {
  return [
    `| ${heading} | for example |`,
    '|---|---|',
    ...kinds.filter(({ examples }) => examples.length > 0).map(row),
  ].join('\n');
}

export const TABLES: string = `${table('answered', frames)}\n\n${table('declined, with the reason', declinedKinds)}`;
