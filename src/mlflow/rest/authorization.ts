/** Who we are to a server: which credentials are sent, and what of them must never be shown. */
import { StoreError } from '../errors.ts';
import { decodePercents } from './decode-percents.ts';

export interface Credentials {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly token?: string | undefined;
}

export interface Authorization {
  readonly header: string;
  /** What to do where it is refused. */
  readonly mend: string;
}

const LOGIN = 'MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD';

/** MLflow's order: user and password, then token; those in the address come last. */
export function readAuthorization(url: URL, { username, password, token }: Credentials): Authorization | undefined {
  const basic = (user: string, secret: string): string =>
    `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;
  if (username && password) return { header: basic(username, password), mend: `Check ${LOGIN}.` };
  if (token)
    return {
      header: `Bearer ${checkToken(token)}`,
      mend: `Check MLFLOW_TRACKING_TOKEN, or set ${LOGIN} if it asks for those.`,
    };
  if (url.username === '') return undefined;
  return {
    header: basic(decodePercents(url.username), decodePercents(url.password)),
    mend: 'Check the user and the password in its address; special characters are percent-encoded.',
  };
}

/** A name without a password is one itself. */
export function listSecrets({ username, password }: URL, options: Credentials): (string | undefined)[] {
  const inAddress = password === '' ? username : password;
  return [options.password, options.token, inAddress, decodePercents(inAddress)];
}

function checkToken(token: string): string {
  if (/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(token)) return token;
  throw new StoreError('unauthorized', 'the access token holds a character that no header can carry', {
    hint: 'Look in MLFLOW_TRACKING_TOKEN, or the token for Databricks, for a line end, a space at its end or an accent.',
  });
}
