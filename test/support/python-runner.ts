/** Runs the Python of answers as it stands, many texts in one process, and gives what each calls its `answer`. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text as readText } from 'node:stream/consumers';
import { mlflowPython } from './mlflow-python.ts';

/** Each text has a namespace of its own. What JSON lacks travels as text: NaN, infinities, keys that are no text. */
const RUNNER = `
import contextlib, io, json, math, sys
import numpy, pandas

def plain(value):
    if isinstance(value, pandas.Series):
        return plain(value.to_dict())
    if isinstance(value, pandas.DataFrame):
        return plain(value.values.tolist())
    if isinstance(value, dict):
        name = lambda key: json.dumps(plain(key), ensure_ascii=False, separators=(",", ":"))
        return {key if isinstance(key, str) else name(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, numpy.generic):
        return plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, float) and abs(value) >= 1.797e308:
        return plain(math.copysign(math.inf, value))
    return value

def run(text):
    names = {}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(text, "answer", "exec"), names)
    assert printed.getvalue() == f"{names['answer']}\\n", printed.getvalue()
    return plain(names["answer"])

def outcome(text):
    try:
        return {"value": run(text)}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}

print(json.dumps([outcome(text) for text in json.load(sys.stdin)]))
`;

/** Far more than all the texts of a test take; what asks for longer is stuck. */
const MOST_MS = 300_000;

export type PythonOutcome = { readonly value: unknown } | { readonly error: string };

/**
 * Leaves this process free meanwhile: a server that nobody reads the log of stands still.
 * @param uri of the tracking server or database that the texts ask.
 */
export async function runPythons(texts: readonly string[], uri: string): Promise<PythonOutcome[]> {
  const child = spawn(await mlflowPython(), ['-c', RUNNER], {
    // A fault of the server is one of the test: asking again would only hide it.
    env: { ...process.env, MLFLOW_TRACKING_URI: uri, MLFLOW_HTTP_REQUEST_MAX_RETRIES: '0', DO_NOT_TRACK: 'true' },
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: MOST_MS,
    killSignal: 'SIGKILL',
  });
  child.stdin.end(JSON.stringify(texts));
  const [output, errors] = await Promise.all([readText(child.stdout), readText(child.stderr), once(child, 'close')]);
  const line = output.trim().split('\n').at(-1);
  if (!line) throw new Error(`Python said nothing:\n${errors}`);
  return JSON.parse(line) as PythonOutcome[];
}
