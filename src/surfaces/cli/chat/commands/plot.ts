/** `/plot`: draws a finding on the screen or into a file. */
import { ConfigError } from '../../../../config/config.ts';
import { type Chart, chartOf } from '../../../../finding/charts.ts';
import { quoteName } from '../../../../finding/quote.ts';
import { drawChart } from '../../../../present/chart.ts';
import { drawPicture, pictureFormat } from '../../../../present/picture.ts';
import { writeOutput } from '../../../shared/write-file.ts';
import type { Chat } from '../chat.ts';
import { type ChatCommand, say, splitArguments } from './command.ts';
import { expandHome } from './files.ts';
import { findingOf, handlesOf, isHandle, lastFinding } from './findings.ts';

export const plot: ChatCommand = {
  name: '/plot',
  usage: '[#3] [FILE.svg|FILE.png]',
  help: 'draw the last finding, or the one named, here or into a file',
  complete: handlesOf,
  async run(rest, chat) {
    const words = splitArguments(rest);
    const handle = words.find(isHandle);
    const [file, ...others] = words.filter((word) => word !== handle);
    if (others.length > 0)
      throw new ConfigError(`/plot takes one file, not also "${others[0]}"; quote a name with spaces`);
    const chart = handle === undefined ? lastChart(chat) : chartOfHandle(chat, handle);
    if (file === undefined) return { kind: 'lines', lines: drawChart(chart, chat.screen()) };
    const format = pictureFormat(file);
    if (format === undefined) throw new ConfigError(`"${file}" must end in .svg or .png`);
    const target = expandHome(file);
    writeOutput(target, await drawPicture(chart, format));
    return say(`Drew ${chart.title} into ${quoteName(target, 200)}.`);
  },
};

function chartOfHandle(chat: Chat, handle: string): Chart {
  const finding = findingOf(chat, handle);
  const chart = chartOf(finding);
  if (chart === undefined)
    throw new ConfigError(`${handle} has nothing to draw; ask for a curve, such as: plot the loss of run 17`);
  return chart;
}

/** Of the newest finding that can be drawn. */
function lastChart(chat: Chat): Chart {
  const charts = handlesOf(chat).flatMap((handle) => chartOf(findingOf(chat, handle)) ?? []);
  return charts[0] ?? chartOfHandle(chat, lastFinding(chat).handle);
}
