/** Where a store is, said so that it means the same in every folder. */
import path from 'node:path';
import { findHome } from '../../config/home.ts';

/** What is written down serves every folder: a path that is relative to this one is written out. */
export function toAbsoluteUri(answer: string, cwd: string): string {
  const sqlite = /^(sqlite(?:\+\w+)?:\/\/\/)(?!\/|[a-z]:)([^?]+)(.*)$/i.exec(answer);
  if (sqlite !== null) return `${sqlite[1]}${path.resolve(cwd, sqlite[2] ?? '')}${sqlite[3]}`;
  const file = /^file:(?!\/|[a-z]:)(.+)$/i.exec(answer);
  if (file !== null) return `file:${path.resolve(cwd, file[1] ?? '')}`;
  // Also what only lacks its scheme, such as 127.0.0.1:5000: the store says so.
  if (/^(?:[a-z0-9][a-z0-9+.-]+:|databricks(?:-uc)?$)/i.test(answer)) return answer;
  return path.resolve(
    cwd,
    answer.replace(/^~(?=\/|$)/, () => findHome(process.env) ?? '~'),
  );
}
