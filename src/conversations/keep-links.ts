/** Codes that join names: made, typed, and what is refused. */
import { ownerWithin } from './conversations.ts';
import { CODE_MS, type KnownName, type LinkOutcome, type LinkRows, MOST_TRIES, type NameLinks } from './links.ts';

/** Nobody mistakes one for another: no I, L, O, U. */
const SIGNS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** Ten of 32 signs: 50 bits. */
const SIGNS_IN_CODE = 10;

const TOO_MANY = `too many codes were tried: wait ten minutes, then make a new one`;
const UNKNOWN =
  'no such code: it was used, is older than ten minutes, is mistyped, or was made where conversations are kept in another place (RUNSIGHT_CONVERSATIONS, XDG_STATE_HOME); make a new one';
const OTHER_TENANT = 'the code is of another tenant: only names of one tenant can be joined';
const OWN = 'the code is your own: type it where you are known by another name';

export function keepLinks(rows: LinkRows): NameLinks {
  const nameOf = ({ owner, tenant }: KnownName): string => ownerWithin(tenant, owner);
  return {
    async offer(known) {
      const code = Array.from(
        crypto.getRandomValues(new Uint8Array(SIGNS_IN_CODE)),
        (byte) => SIGNS[byte % SIGNS.length],
      ).join('');
      const expires = (await rows.now()) + CODE_MS;
      await rows.putCode({ owner: nameOf(known), tenant: known.tenant ?? null, digest: await digestOf(code), expires });
      return `${code.slice(0, SIGNS_IN_CODE / 2)}-${code.slice(SIGNS_IN_CODE / 2)}`;
    },
    async accept(known, code) {
      const [own, now] = [nameOf(known), await rows.now()];
      if ((await rows.countTry(own, now, now - CODE_MS)) > MOST_TRIES) return refused(TOO_MANY);
      const found = await rows.takeCode(await digestOf(code), now);
      if (found === undefined) return refused(UNKNOWN);
      if (found.tenant !== (known.tenant ?? null)) return refused(OTHER_TENANT);
      if (found.owner === own) return refused(OWN);
      await rows.join(found.owner, own);
      return { kind: 'joined', other: describeOwner(found.owner) };
    },
    async list(known) {
      return (await rows.namesOf(nameOf(known))).slice(1).map(describeOwner);
    },
    async remove(known, other) {
      const [, ...names] = await rows.namesOf(nameOf(known));
      const name = names.find((one) => describeOwner(one) === other);
      if (name !== undefined) await rows.part(name);
      return name !== undefined;
    },
  };
}

const refused = (why: string): LinkOutcome => ({ kind: 'refused', why });

/** As it is typed: in any case, with or without its dash, and what only looks like a digit as that digit. */
async function digestOf(code: string): Promise<string> {
  const typed = code.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(typed));
  return Buffer.from(digest).toString('hex');
}

/** `local`, `ann`, `slack/T1/U2`. */
function describeOwner(owner: string): string {
  try {
    const parts: unknown = JSON.parse(owner);
    return Array.isArray(parts) ? parts.join('/') : owner;
  } catch {
    return owner;
  }
}
