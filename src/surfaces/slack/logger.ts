/** What Bolt has to say: only what went wrong, to whom faults are told. */
import { type Logger, LogLevel } from '@slack/bolt';

export function createSlackLogger(onFault: (error: unknown) => void): Logger {
  const tell = (...words: unknown[]) => onFault(new Error(words.map(wordsOf).join(' ')));
  return { debug() {}, info() {}, warn: tell, error: tell, setLevel() {}, getLevel: () => LogLevel.WARN, setName() {} };
}

const wordsOf = (word: unknown): string => (word instanceof Error ? word.message : String(word));
