/** Preloaded into the program: prints what it imported, one name a line, to standard error when it ends. */
import { registerHooks } from 'node:module';

const loaded = new Set();
registerHooks({
  resolve(specifier, context, next) {
    loaded.add(specifier);
    return next(specifier, context);
  },
});
process.on('exit', () => {
  const builtIn = process.moduleLoadList.filter((name) => name.includes('undici'));
  process.stderr.write([...loaded, ...builtIn].join('\n'));
});
