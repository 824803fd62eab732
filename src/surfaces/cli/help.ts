/** The words of `--help`. */
import { EXIT_CODES } from './exit-codes.ts';

export const SHORT_HELP = `runsight answers questions about MLflow experiments.

  runsight ask "Which run had the highest F1 score?"
  runsight doctor
  runsight --help
`;

export const HELP = `runsight: ask your MLflow experiments anything; get an answer you can check.

Usage
  runsight ask "QUESTION" [options]   answer one question
  runsight doctor [options]           what is connected, what is missing, and how to mend it
  runsight help | --help              this page
  runsight --version

Options
  --uri URI            MLflow store: sqlite:///path/mlflow.db, a database file, http(s)://server
  --experiment NAME    experiment (name or id) that a question is about when it names none
  --model MODEL        offline, claude, or auto (default: offline, then Claude where a key is set)
  --json               ask: print the whole answer record (schema/answer.schema.json)
  --width COLUMNS      fit to so many columns (default: the terminal's, else 80; at least 40)
  --ascii              draw with ASCII only
  --color, --no-color  styles on or off (default: on a terminal, unless NO_COLOR is set)

Examples
  runsight ask "top 5 runs by accuracy where status is finished"
  runsight ask "Plot the training loss curve for run 17"
  runsight ask "which parameters matter most for f1?" --experiment churn-prediction
  runsight ask "how many runs failed this month?" --uri http://localhost:5000
  runsight ask "compare the last 3 runs" --json | jq -r .text

Store
  --uri, else MLFLOW_TRACKING_URI, else the config file, else ./mlruns, ./mlflow.db, the bundled demo.

Exit status
  ${EXIT_CODES.ok} answered  ${EXIT_CODES.usage} usage or configuration  ${EXIT_CODES.unreachable} store unreachable or locked  ${EXIT_CODES.unreadable} not MLflow's or unreadable
  ${EXIT_CODES.cannot} cannot be answered  ${EXIT_CODES.clarify} asks back  ${EXIT_CODES.model} model or key  ${EXIT_CODES.interrupted} interrupted

Environment variables: see README.md. RUNSIGHT_DEBUG=1 shows stack traces.
`;
