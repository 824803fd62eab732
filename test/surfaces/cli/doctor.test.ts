import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { copyDemo, makeTemporaryFolder } from '../../support/demo.ts';
import { runProgram } from './run-program.ts';

describe('runsight doctor', () => {
  it('says that the demo is connected and why, and that offline needs nothing', async () => {
    using folder = makeTemporaryFolder();
    const { code, stdout } = await runProgram(['doctor'], { cwd: folder.path });
    expect(stdout).toMatch(/Store +the bundled demo: no tracking URI is set/);
    expect(stdout).toMatch(/9 experiments, 422 runs/);
    expect(stdout).toMatch(/offline: ready/);
    expect(stdout).toMatch(/claude: no key/);
    expect(code).toBe(0);
  });

  it('names the variable that chose the store', async () => {
    using folder = makeTemporaryFolder();
    const env = { MLFLOW_TRACKING_URI: `sqlite:///${copyDemo(folder.path)}` };
    expect((await runProgram(['doctor'], { cwd: folder.path, env })).stdout).toContain('from MLFLOW_TRACKING_URI');
  });

  it('gives each problem its mend and ends with the code of the first', async () => {
    using folder = makeTemporaryFolder();
    const config = path.join(folder.path, 'runsight/config.json');
    mkdirSync(path.dirname(config));
    writeFileSync(config, '{ "model": "claude" }');
    chmodSync(config, 0o666);
    const env = { XDG_CONFIG_HOME: folder.path };
    const { code, stdout } = await runProgram(['doctor', '--uri', 'none.db'], { cwd: folder.path, env });
    expect(stdout).toMatch(/✗ no database at .*none\.db/);
    expect(stdout).toMatch(/✗ claude: no key\. Set ANTHROPIC_API_KEY/);
    expect(stdout).toMatch(/chmod 600/);
    expect(code).toBe(3);
  });
});

describe('runsight', () => {
  it('explains itself, briefly when nothing is said and whole when asked', async () => {
    using folder = makeTemporaryFolder();
    const [bare, help, version] = await Promise.all(
      [[], ['--help'], ['--version']].map((args) => runProgram(args, { cwd: folder.path })),
    );
    expect(bare?.stdout).toContain('runsight ask');
    expect(help?.stdout).toMatch(/Options[\s\S]*--json[\s\S]*Exit status/);
    expect(help?.stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(version?.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect([bare?.code, help?.code, version?.code]).toEqual([0, 0, 0]);
  });
});
