/** Requests that Slack signs: Bolt checks the signature and that they are not old; that they are not of the future is checked here. */
import { HTTPReceiver, type Logger } from '@slack/bolt';

export interface HttpEntry {
  readonly signingSecret: string;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
}

const MOST_AHEAD_S = 300;
const BODY_BYTES = 256 * 1024;

export function createHttpReceiver({ signingSecret }: HttpEntry, logger: Logger): HTTPReceiver {
  const receiver = new HTTPReceiver({ signingSecret, logger, bodyLimit: BODY_BYTES });
  const listen = receiver.requestListener;
  receiver.requestListener = (request, response) => {
    const stamp = Number(request.headers['x-slack-request-timestamp']);
    if (stamp - Date.now() / 1000 > MOST_AHEAD_S) response.writeHead(401).end();
    else listen(request, response);
  };
  return receiver;
}
