import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';

// Slow suites run where real servers do: in .ci/run.
const slow = process.env.RUNSIGHT_TEST_SERVER === '1' ? [] : ['test/**/*.slow.test.ts'];

export default defineConfig({
  // The examples import the package by its name, here as the source stands now.
  resolve: { alias: { runsight: fileURLToPath(new URL('src/library.ts', import.meta.url)) } },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...slow],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Some slow suites hold a program to times: nothing runs beside them.
    maxWorkers: slow.length === 0 ? 1 : '100%',
  },
});
