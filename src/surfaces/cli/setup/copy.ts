/** Every word that setup says to a person. */

/** Typed instead of an answer, it takes a setting out of the config file. */
export const CLEAR = '-';

export const OPENING = [
  'runsight setup asks for three things and tries each: where your runs are, a key for Claude, and the experiment you mean.',
  `Enter keeps what stands in [brackets], ${CLEAR} clears it. Ctrl-C leaves; nothing is written before the end.`,
];

export const NEEDS_HOME = 'setup has no folder to write the config file in: set HOME or XDG_CONFIG_HOME';

export const STORE_TITLE =
  'Where your runs are: sqlite:///mlflow.db, the path of a database or mlruns folder, or http(s)://server';
export const KEY_TITLE =
  'A key for Claude. Optional: without one, questions are answered offline. What you type is not shown.';
export const EXPERIMENT_TITLE = 'The experiment that is meant where a question names none: a name or an id';

export const KEEPS_NO_KEY = 'no key: questions are answered offline, and nothing leaves this machine';
export const KEEPS_NO_EXPERIMENT = 'none: a question that names no experiment is about the whole store';
export const NO_STORE_FOR_EXPERIMENT = 'left as it is: no store could be opened to look it up in';
export const CLEARED = 'cleared';
export const LEFT = 'left as it is';
export const OPENING_STORE = 'opening …';
export const TRYING_KEY = 'asking Claude for one word …';

/** After a failure. */
export const AGAIN_OR_SKIP = 'again, or s to skip';
export const SKIP = 's';

export const SETUP_INTERRUPTED = 'Left without a change.';
export const NEEDS_TERMINAL =
  'setup asks questions and needs a terminal; set MLFLOW_TRACKING_URI, ANTHROPIC_API_KEY and MLFLOW_EXPERIMENT_NAME instead, or write the config file';

export const overruled = (setting: string, madeBy: string) =>
  `${madeBy} is set and wins over ${setting} in the file: unset it to use what you have typed`;
export const IN_FORCE = 'In force';
export const ASK_NEXT = 'Ask next, with runsight ask "…"';
