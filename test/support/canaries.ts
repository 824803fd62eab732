/** Thirteen secrets that no output may show, in whatever form. */

const WORD = 'kanari';

/** Characters that addresses, JSON and base64 each write in a way of their own. */
const make = (number: number): string => `${WORD}${String(number).padStart(2, '0')}/?#@:"%&+ x`;

export const CANARIES = {
  passwordInAddress: make(1),
  passwordInPostgres: make(2),
  passwordInMysql: make(3),
  passwordInQuery: make(4),
  trackingPassword: make(5),
  trackingToken: make(6),
  databricksToken: make(7),
  databricksClientSecret: make(8),
  anthropicKey: make(9),
  anthropicToken: make(10),
  keyInFile: make(11),
  addressInFile: make(12),
  passwordOfProxy: make(13),
} as const;

/** The variables that bear secrets. */
export const SECRET_ENVIRONMENT: Readonly<Record<string, string>> = {
  MLFLOW_TRACKING_USERNAME: 'ann',
  MLFLOW_TRACKING_PASSWORD: CANARIES.trackingPassword,
  MLFLOW_TRACKING_TOKEN: CANARIES.trackingToken,
  DATABRICKS_TOKEN: CANARIES.databricksToken,
  DATABRICKS_CLIENT_SECRET: CANARIES.databricksClientSecret,
  ANTHROPIC_API_KEY: CANARIES.anthropicKey,
  ANTHROPIC_AUTH_TOKEN: CANARIES.anthropicToken,
  // Nothing that a test reaches without meaning to is asked through it: that is all on this machine.
  ALL_PROXY: `http://ann:${encodeURIComponent(CANARIES.passwordOfProxy)}@127.0.0.1:1`,
};

/** The forms in which servers and libraries quote what they were sent. */
export function quote(secret: string): string {
  const base64 = Buffer.from(secret).toString('base64');
  return [secret, encodeURIComponent(secret), base64, base64.replaceAll('+', '-').replaceAll('/', '_')].join(' | ');
}

/** Base64 of the word wherever it stands in the text that was encoded: only characters that are its own. */
function base64Forms(word: string): string[] {
  return [0, 1, 2].map((shift) => {
    const encoded = Buffer.from('\0'.repeat(shift) + word).toString('base64');
    return encoded.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + word.length) * 8) / 6));
  });
}

const TRACES = new RegExp([WORD, Buffer.from(WORD).toString('hex'), ...base64Forms(WORD)].join('|'), 'i');

/** Where a secret shows, with what stands around it; undefined where none does. */
export function findCanary(text: string): string | undefined {
  const found = TRACES.exec(text);
  return found === null ? undefined : text.slice(Math.max(found.index - 60, 0), found.index + 60);
}
