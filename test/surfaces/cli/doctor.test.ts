import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { copyDemo, makeTemporaryFolder } from '../../support/demo.ts';
import { writeExperiment, writeRun, writeText } from '../../support/mlruns.ts';
import { startProxyDouble } from '../../support/proxy-double.ts';
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

  it("says which proxy a server is asked through, and that a fault is not the proxy's", async () => {
    using folder = makeTemporaryFolder();
    const proxy = await startProxyDouble(() => 'http://127.0.0.1:1');
    const env = {
      MLFLOW_TRACKING_URI: 'http://mlflow.test',
      HTTP_PROXY: proxy.url.replace('//', '//me:canary@'),
      NO_PROXY: 'elsewhere.test',
    };
    const args = ['doctor', '--width', '200'];
    const through = await runProgram(args, { cwd: folder.path, env });
    expect(through.stdout).toContain(`through the proxy ${proxy.url} (HTTP_PROXY)\n`);
    expect(through.stdout).toMatch(/✗ cannot reach http:\/\/mlflow\.test: it closed the connection/);
    expect([through.code, proxy.seen.length > 0]).toEqual([3, true]);
    await proxy.stop();
    const dead = await runProgram(args, { cwd: folder.path, env });
    expect(dead.stdout).toContain(`✗ cannot reach the proxy ${proxy.url} (HTTP_PROXY): nothing listens there. `);
    expect(through.stdout + dead.stdout).not.toContain('canary');
  });

  it('tries the experiment that is meant where none is named, as a question would', async () => {
    using folder = makeTemporaryFolder();
    const doctor = (experiment: string) =>
      runProgram(['doctor', '--width', '200'], { cwd: folder.path, env: { MLFLOW_EXPERIMENT_NAME: experiment } });
    const good = await doctor('churn-prediction');
    expect(good.stdout).toMatch(/experiment churn-prediction \(id \d+\) is meant .*: MLFLOW_EXPERIMENT_NAME/);
    const bad = await doctor('churn');
    expect(bad.stdout).toMatch(/✗ MLFLOW_EXPERIMENT_NAME: No experiment is called churn\..*churn-prediction.*unset it/);
    expect([good.code, bad.code]).toEqual([0, 2]);
  });

  it('names the runs of a folder that cannot be read, as answers do', async () => {
    using folder = makeTemporaryFolder();
    const experiment = writeExperiment(path.join(folder.path, 'mlruns'), '1', 'first');
    const [good, bad] = ['a', 'b'].map((digit) => digit.repeat(32)) as [string, string];
    writeRun(experiment, good);
    writeFileSync(path.join(writeRun(experiment, bad), 'meta.yaml'), '');
    const [report, answer] = await Promise.all([
      runProgram(['doctor', '--width', '200'], { cwd: folder.path }),
      runProgram(['ask', 'how many runs are there?', '--json'], { cwd: folder.path }),
    ]);
    expect(report.stdout).toMatch(
      /Store +\.\/mlruns, found in the current folder\n.*files .*mlruns\n.*1 experiment, 1 run\n/,
    );
    expect(report.stdout).toContain(`1 run could not be read: ${bad} (meta.yaml is empty)`);
    expect(JSON.parse(answer.stdout)).toMatchObject({ status: 'partial', text: expect.stringContaining(bad) });
    expect([report.code, answer.code]).toEqual([0, 0]);
  });

  it('takes a folder that holds only the artifacts of a database for no store', async () => {
    using folder = makeTemporaryFolder();
    copyDemo(folder.path);
    for (const file of ['1/run/artifacts/model', 'models/m/meta.yaml'])
      writeText(path.join(folder.path, 'mlruns', file), '');
    const { stdout } = await runProgram(['doctor'], { cwd: folder.path });
    expect(stdout).toMatch(/Store +\.\/mlflow\.db, found/);
  });

  it('gives each problem its mend and ends with the code of the first', async () => {
    using folder = makeTemporaryFolder();
    const config = path.join(folder.path, 'runsight/config.json');
    mkdirSync(path.dirname(config));
    writeFileSync(config, '{ "model": "claude" }');
    chmodSync(config, 0o666);
    const env = { XDG_CONFIG_HOME: folder.path };
    const { code, stdout } = await runProgram(['doctor', '--uri', 'none.db'], { cwd: folder.path, env });
    expect(stdout).toMatch(/✗ no database or mlruns folder at .*none\.db/);
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
