/** `runsight config`: what is in force and from where; nothing that is secret. */
import { type Config, readConfig, type StoreSource } from '../../config/config.ts';
import { Secret } from '../../config/secret.ts';
import type { Setting, SourceKind } from '../../config/settings.ts';
import { maskUri } from '../../mask.ts';
import { jsonText } from '../../present/json-text.ts';
import { sanitizeLine } from '../../present/sanitize.ts';
import { paintSpans, wrapSpans } from '../../present/spans.ts';
import type { Screen } from '../../present/style.ts';
import { EXIT_CODES, type ExitCode } from '../shared/exit-codes.ts';
import type { Process } from '../shared/process.ts';
import type { CliFlags } from './command-line.ts';
import { detectScreen } from './screen.ts';

/** One line of the list, also as the record that `--json` prints. */
interface Row {
  readonly name: string;
  /** Undefined: not set. */
  readonly value?: string;
  readonly source?: SourceKind;
  /** The flag, variable or key that made it; where none did, why this holds. */
  readonly from?: string;
}

const NAME_WIDTH = 29;
const NARROW = 70;
const INDENT = 2;
const NO_HOME = { from: 'no home folder' } as const;
/** Told also where nobody has set them. */
const MAIN = ['tracking_uri', 'model'];

export async function runConfig(flags: CliFlags, cli: Process): Promise<ExitCode> {
  const config = readConfig(cli.env, flags);
  if (flags.json === true) {
    const { path, found } = config.configFile;
    const record = { settings: listSettings(config), config_file: { path, found }, cache_folder: config.cacheFolder };
    cli.stdout.write(`${jsonText(record, 2)}\n`);
    return EXIT_CODES.ok;
  }
  cli.stdout.write(`${drawSettings(config, detectScreen(cli.stdout, cli.env, flags), { all: true }).join('\n')}\n`);
  return EXIT_CODES.ok;
}

/** `all`: also what nobody has set. */
export function drawSettings(config: Config, screen: Screen, { all }: { readonly all: boolean }): string[] {
  const { cacheFolder } = config;
  const { path, found } = config.configFile;
  const files: readonly Row[] = [
    { name: 'config file', ...(path === undefined ? NO_HOME : { value: path, from: found ? 'found' : 'not there' }) },
    ...(all ? [{ name: 'cache folder', ...(cacheFolder === undefined ? NO_HOME : { value: cacheFolder }) }] : []),
  ];
  const matters = (row: Row) => row.value !== undefined && (row.source !== 'default' || MAIN.includes(row.name));
  const rows = listSettings(config).filter((row) => all || matters(row));
  return [...rows, ...files].flatMap((row) => drawRow(row, screen));
}

function drawRow({ name, value, from }: Row, screen: Screen): string[] {
  const shown = value === undefined ? 'not set' : sanitizeLine(value);
  const spans = [
    { text: shown, tone: value === undefined ? ('dim' as const) : undefined },
    ...(from === undefined ? [] : [{ text: ` (${sanitizeLine(from)})`, tone: 'dim' as const }]),
  ];
  const strong = (text: string) => paintSpans(screen, [{ text, tone: 'strong' }]);
  const draw = (indent: number) => wrapSpans(spans, screen.width - indent).map((line) => paintSpans(screen, line));
  // Where there is no room for two columns, the value goes below its name.
  if (screen.width < NARROW) return [strong(name), ...draw(INDENT).map((line) => ' '.repeat(INDENT) + line)];
  return draw(NAME_WIDTH).map((line, index) => strong((index === 0 ? name : '').padEnd(NAME_WIDTH)) + line);
}

function listSettings(config: Config): Row[] {
  return Object.values(config.settings).map((setting) =>
    setting.name === 'tracking_uri' ? storeRow(config) : settingRow(setting, config),
  );
}

const FOUND: Partial<Readonly<Record<StoreSource, string>>> = {
  './mlruns': 'found in the current folder',
  './mlflow.db': 'found in the current folder',
  demo: 'the bundled demo',
};

function storeRow({ settings: { tracking_uri: setting }, store }: Config): Row {
  const { name, source = 'default', madeBy } = setting;
  const found = FOUND[store.source];
  return { name, value: maskUri(store.uri), source, from: found === undefined ? madeBy : `default: ${found}` };
}

function settingRow({ name, value, source, madeBy }: Setting, { anthropic }: Config): Row {
  if (value === undefined) return { name };
  const shown = value instanceof Secret ? `${value}` : maskUri(value);
  const keptBack =
    name === 'anthropic_api_key' && anthropic.isKeyKeptBack ? ', kept back: stored for another server' : '';
  return { name, value: shown, ...(source !== undefined && { source }), from: madeBy + keptBack };
}
