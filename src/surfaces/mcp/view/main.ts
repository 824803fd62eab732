/** The view that hosts of MCP Apps show beside a result of ours; it speaks to its host alone. */
import {
  App,
  applyDocumentTheme,
  applyHostStyleVariables,
  type McpUiHostContext,
} from '@modelcontextprotocol/ext-apps';
import { element } from './element.ts';
import type { ToolRecord } from './record.ts';
import { resultNodes } from './result.ts';

type ToolResult = Awaited<ReturnType<App['callServerTool']>>;

const page = document.getElementById('answer') as HTMLElement;
const app = new App({ name: 'runsight-view', version: '1' }, {});

function show(result: ToolResult): void {
  const record = result.structuredContent as ToolRecord | undefined;
  if (record !== undefined) page.replaceChildren(...resultNodes(record, (...asked) => void askNext(...asked)));
  else say(textOf(result));
}

function say(words: string): void {
  page.replaceChildren(element('p', { class: 'quiet' }, words));
}

const textOf = ({ content }: ToolResult): string =>
  content.flatMap((block) => (block.type === 'text' ? block.text : [])).join('\n');

/** Through the host: by our own tool where it lets views call tools, else as words of the person. */
async function askNext(question: string, conversation: string | undefined): Promise<void> {
  for (const button of page.querySelectorAll('button')) button.disabled = true;
  try {
    if (app.getHostCapabilities()?.serverTools === undefined) {
      await app.sendMessage({ role: 'user', content: [{ type: 'text', text: question }] });
      return;
    }
    page.append(element('p', { class: 'quiet' }, 'Asking…'));
    const result = await showSettled(await app.callServerTool({ name: 'ask', arguments: { question, conversation } }));
    await tellModel(question, result);
  } catch (error) {
    page.append(element('p', {}, `It could not be asked: ${error instanceof Error ? error.message : String(error)}`));
  } finally {
    for (const button of page.querySelectorAll('button')) button.disabled = false;
  }
}

/** A question that takes longer is fetched by its handle, where the host lets views call tools. */
async function showSettled(result: ToolResult): Promise<ToolResult> {
  show(result);
  const record = result.structuredContent as ToolRecord | undefined;
  if (record === undefined || !('pending' in record) || record.pending.state !== 'running') return result;
  if (app.getHostCapabilities()?.serverTools === undefined) return result;
  const { handle } = record.pending;
  return showSettled(await app.callServerTool({ name: 'get_answer', arguments: { handle } }));
}

/** What the person asked here and saw, for the next words of the conversation. */
async function tellModel(question: string, result: ToolResult): Promise<void> {
  if (app.getHostCapabilities()?.updateModelContext === undefined) return;
  const text = `Asked in the view: ${question}\n\n${textOf(result)}`;
  await app.updateModelContext({ content: [{ type: 'text', text }] });
}

function dress({ theme, styles }: McpUiHostContext): void {
  if (theme !== undefined) applyDocumentTheme(theme);
  if (styles?.variables !== undefined) applyHostStyleVariables(styles.variables);
}

app.addEventListener('toolinput', ({ arguments: given }) => {
  if (page.childElementCount === 0) say(typeof given?.question === 'string' ? `${given.question} …` : 'Reading …');
});
// Where it cannot be fetched, what was shown stands: the model fetches it too.
app.addEventListener('toolresult', (result) => void showSettled(result).catch(() => {}));
app.addEventListener('toolcancelled', () => say('The question was cancelled.'));
app.addEventListener('hostcontextchanged', dress);
await app.connect();
dress(app.getHostContext() ?? {});
