/** The bot as a process of its own that kills itself at a named point: `inbox.note.2.after` is after the second note. */
import process from 'node:process';
import { createApp } from '../../../src/app/create-app.ts';
import { readConfig } from '../../../src/config/config.ts';
import { openSqliteConversations, openSqliteInbox } from '../../../src/conversations/sqlite.ts';
import { startSlackBot } from '../../../src/surfaces/slack/bot.ts';

const [slackApiUrl = '', file = '', killAt = ''] = process.argv.slice(2);
const LEASE_MS = 400;

const counts = new Map<string, number>();

/** The same object, whose methods end the process before or after they are called the nth time. */
function deadly<T extends object>(name: string, methods: readonly string[], object: T): T {
  return new Proxy(object, {
    get(target, key) {
      const value = Reflect.get(target, key, target) as unknown;
      if (typeof value !== 'function') return value;
      if (!methods.includes(String(key))) return value.bind(target);
      return async (...args: unknown[]) => {
        const point = `${name}.${String(key)}`;
        const nth = (counts.get(point) ?? 0) + 1;
        counts.set(point, nth);
        if (killAt === `${point}.${nth}.before`) process.kill(process.pid, 'SIGKILL');
        const result = await value.apply(target, args);
        if (killAt === `${point}.${nth}.after`) process.kill(process.pid, 'SIGKILL');
        return result;
      };
    },
  });
}

const config = readConfig({ HOME: '/nowhere', RUNSIGHT_MODEL: 'offline' }, {}, '/');
const inbox = await openSqliteInbox(file, LEASE_MS);
const { take } = inbox;
inbox.take = async () => {
  const work = await take.call(inbox);
  return work && deadly('inbox', ['note', 'settle'], work);
};
const conversations = await openSqliteConversations(file, LEASE_MS);
const app = createApp(config, { surface: 'slack' });
await startSlackBot({
  appOf: () => app,
  inbox: deadly('inbox', ['add'], inbox),
  conversations: {
    close: () => conversations.close(),
    findShared: conversations.findShared,
    links: conversations.links,
    of(owner) {
      const own = conversations.of(owner);
      const begin: typeof own.begin = async (...args) => {
        const turn = await own.begin(...args);
        return { conversation: turn.conversation, end: deadly('conversation', ['end'], turn).end };
      };
      return deadly('conversation', ['begin'], Object.assign(Object.create(own), { begin }));
    },
  },
  botToken: 'xoxb-1',
  entry: { appToken: 'xapp-1' },
  slackApiUrl,
  onFault: (error) => process.stderr.write(`${error}\n`),
});
