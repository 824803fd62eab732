/** Python that an answer carries: literals that text from a store cannot end, and scripts of them. */

export const IS_FINITE = 'abs(one.value) < 1.797e308';

/** A Python string literal, in ASCII: neither a quote nor a line break of the text ends it. */
export function pythonString(text: string): string {
  return JSON.stringify(text).replace(/[\u{7f}-\u{10ffff}]/gu, escapeCharacter);
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

export function pythonList(texts: readonly string[]): string {
  return `[${texts.map(pythonString).join(', ')}]`;
}

export function pythonNumber(value: number): string {
  if (Number.isNaN(value)) return 'float("nan")';
  return Number.isFinite(value) ? String(value) : `float("${value > 0 ? 'inf' : '-inf'}")`;
}

const WIDTH = 79;

/** A call on one line, or with one argument a line where it would be too long. */
export function pythonCall(name: string, args: readonly string[]): string {
  const line = `${name}(${args.join(', ')})`;
  return line.length <= WIDTH ? line : `${name}(\n${args.map((arg) => `    ${arg},\n`).join('')})`;
}

/** `name = [run for run in runs if …]`. */
export function pythonKeep(name: string, condition: string): string {
  const line = `${name} = [run for run in ${name} if ${condition}]`;
  return line.length <= WIDTH ? line : `${name} = [\n    run for run in ${name}\n    if ${condition}\n]`;
}

/** What a name in a line has to be preceded by. */
const PREAMBLES: readonly (readonly [use: RegExp, line: string])[] = [
  [/\bre\./, 'import re'],
  [/\bCounter\(/, 'from collections import Counter'],
  [/\bdatetime\./, 'from datetime import datetime'],
  [/\bZoneInfo\(/, 'from zoneinfo import ZoneInfo'],
  [/./, 'import mlflow'],
  [/\bnumpy\./, 'import numpy'],
  [/\bpandas\./, 'import pandas'],
];

/** What scripts use of their own, by its use. */
const HELPERS: readonly (readonly [use: RegExp, lines: readonly string[]])[] = [
  [
    /\bnumber\(/,
    [
      'def number(text):',
      '    """The number that a whole text spells; else NaN, which compares to nothing."""',
      '    text = (text or "").strip()',
      '    spelled = re.fullmatch(r"[+-]?(\\d+\\.?\\d*|\\.\\d+)(e[+-]?\\d+)?", text, re.A | re.I)',
      '    return float(text) if spelled else float("nan")',
    ],
  ],
  [
    /\blevel\(/,
    [
      'def level(text, as_number):',
      '    """0.10 is 0.1 and True is true; nothing, none, null and nan are missing."""',
      '    word = (text or "").strip().lower()',
      '    if word in ("", "none", "null", "nan"):',
      '        return None',
      '    return float(word) if as_number else word if word in ("true", "false") else text',
    ],
  ],
  [
    /\bnames\[/,
    [
      'every = mlflow.search_experiments(view_type=mlflow.entities.ViewType.ALL)',
      'names = {one.experiment_id: one.name for one in every}',
    ],
  ],
];

/**
 * One script: the imports and helpers that are used, the lines, and what the last of them, an expression, comes to: the
 * numbers of the answer.
 */
export function pythonScript(...lines: readonly [...string[], string]): string {
  const text = [...lines.slice(0, -1), `answer = ${lines.at(-1)}`, 'print(answer)'].join('\n');
  const helpers = HELPERS.flatMap(([use, definition]) => (use.test(text) ? ['', ...definition] : []));
  const whole = [...helpers, text].join('\n');
  const imports = PREAMBLES.filter(([use]) => use.test(whole)).map(([, line]) => line);
  return [...imports, endBlocks(whole)].join('\n');
}

/** A blank line after each indented block, without which a Python prompt takes what follows for a part of it. */
function endBlocks(text: string): string {
  return text.replace(/^( .*)\n(?=[^ )\]}\n])/gm, '$1\n\n');
}
