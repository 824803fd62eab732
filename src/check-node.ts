/** Says to an old Node what is needed, before anything newer than it runs: plain syntax, and no import. */
const MINIMUM: readonly [number, number] = [24, 10];

/** One line where this Node is too old; undefined where it will do. */
export function nodeFault(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1])) return undefined;
  return (
    `runsight needs Node ${MINIMUM.join('.')} or newer (node:sqlite with an authorizer); this is v${version}. ` +
    'Install a newer Node, or run it through npx in a project that has the devDependency "node@24".'
  );
}
