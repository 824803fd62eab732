/** The words of `--help`, none of its lines over 80 columns. */
import { EXIT_CODES } from './exit-codes.ts';

export const SHORT_HELP = `runsight answers questions about MLflow experiments.

  runsight                      in a terminal: ask, and go on asking
  runsight ask "Which run had the highest F1 score?"
  runsight doctor
  runsight --help
`;

export const HELP = `runsight: ask your MLflow experiments anything; get an answer you can check.

Usage
  runsight [chat] [options]           ask and go on asking (/help says how);
                                      down a pipe: each line is a question
  runsight ask "QUESTION" [options]   answer one question
  runsight doctor [options]           what is connected and what is missing
  runsight help | --help              this page
  runsight --version

Options
  --uri URI            where the runs are: sqlite:///mlflow.db, the path of a
                       database file, or http(s)://server
  --experiment NAME    name or id of the experiment that is meant where the
                       question names none
  --model MODEL        offline: no key, nothing leaves the machine
                       claude:  needs ANTHROPIC_API_KEY
                       auto:    offline where it understands, else claude
                                where a key is set (the default)
  --json               print the whole answer record (schema/answer.schema.json)
                       chat: {"question", "reset"} a line in, one record out
  --width COLUMNS      fit to this width (default: the terminal's, else 80)
  --ascii              draw with ASCII only
  --color, --no-color  styles on or off (default: on in a terminal)

Examples
  runsight ask "top 5 runs by accuracy where status is finished"
  runsight ask "Plot the training loss curve for run 17"
  runsight ask "which parameters matter most for f1?"
  runsight ask "how many runs failed this month?" --uri http://localhost:5000
  runsight ask "compare the last 3 runs" --json | jq -r .text

Store
  --uri, else MLFLOW_TRACKING_URI, else the config file, else ./mlruns, else
  ./mlflow.db, else the bundled demo.

Exit status
  ${EXIT_CODES.ok} answered                        ${EXIT_CODES.cannot} cannot be answered
  ${EXIT_CODES.usage} usage or configuration          ${EXIT_CODES.clarify} asks back
  ${EXIT_CODES.unreachable} store unreachable or locked     ${EXIT_CODES.model} model or key
  ${EXIT_CODES.unreadable} not MLflow's, or unreadable   ${EXIT_CODES.interrupted} interrupted

Environment variables: see README.md. RUNSIGHT_DEBUG=1 shows stack traces.
`;
