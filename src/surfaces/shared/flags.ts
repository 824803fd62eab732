/** What a flag is, and those that every way in takes: which store is asked, about what, and who reads the question. */

export interface Flag {
  /** As `util.parseArgs` means it. */
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  readonly multiple?: boolean;
  /** What stands for the value in `--help`; a flag without one takes none. */
  readonly argument?: string;
  readonly help: string;
  /** The values it takes, each with what it means. */
  readonly values?: Readonly<Record<string, string>>;
  /** Its value names a file. */
  readonly takesFile?: boolean;
  /** Whether `--no-…` undoes it. */
  readonly negatable?: boolean;
}

export const SOURCE_FLAGS = {
  uri: {
    type: 'string',
    argument: 'URI',
    help: 'where the runs are: sqlite:///mlflow.db, the path of a database or mlruns folder, or http(s)://server',
    takesFile: true,
  },
  experiment: {
    type: 'string',
    argument: 'NAME',
    help: 'name or id of the experiment that is meant where the question names none',
  },
  model: {
    type: 'string',
    argument: 'MODEL',
    help: 'what reads the question',
    values: {
      offline: 'no key, nothing leaves the machine',
      claude: 'needs ANTHROPIC_API_KEY',
      auto: 'offline where it understands, else claude where a key is set (the default)',
    },
  },
} as const satisfies Readonly<Record<string, Flag>>;
