import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/agent/events.ts';
import { wholeCoverage } from '../../src/finding/coverage.ts';
import { explainAnswer } from '../../src/present/why.ts';
import { createBody, createFinding } from '../agent/doubles.ts';
import { FORBIDDEN } from './screens.ts';

const finding = (overrides: Parameters<typeof createBody>[2]) => createFinding(createBody([], [], overrides));

function answerOf(findings: Answer['findings'], calls: Answer['receipt']['calls']): Answer {
  return {
    id: 'a1',
    conversation: 'c1',
    status: 'answered',
    text: 'text',
    evidence: [],
    warnings: [],
    choices: [],
    findings,
    charts: [],
    followUps: [],
    usage: { model: 'offline', inputTokens: 0, outputTokens: 0, requests: 0 },
    timingMs: 1,
    receipt: { version: '1.2.3', question: 'best f1?', now: '2026-11-20T18:00:00.000Z', store: 'a.db', calls },
  };
}

describe('explainAnswer', () => {
  it('tells all that an answer stands on', () => {
    const one = finding({
      title: 'Runs by f1',
      coverage: {
        unit: 'run',
        scope: [
          { kind: 'experiment', id: '1', name: 'churn' },
          { kind: 'experiment', id: '2', name: 'iris' },
        ],
        filter: "params.`a b` = '1'",
        matched: 1200,
        considered: 40,
        excluded: [
          { reason: 'not FINISHED', count: 3 },
          { reason: 'without `f1`', count: 0 },
        ],
        complete: false,
      },
      direction: { value: 'higher', source: 'name' },
      caveats: [{ code: 'LOW_N', text: 'few runs' }],
      reproduce: 'import mlflow\nmlflow.search_runs()',
    });
    const text = explainAnswer(
      answerOf([one], [{ handle: '#1', tool: 't', input: { metric: 'f1' }, ok: true, revision: '7-9' }]),
    );
    expect(text).toBe(`**#1 Runs by f1**

- Scope: experiments \`churn\` (id \`1\`), \`iris\` (id \`2\`)
- Filter: \`\` params.\`a b\` = '1' \`\`
- Runs: 1,200 matched, 40 used
- Left out: 3 not FINISHED
- Incomplete: not everything could be read
- Method: last value
- Direction: higher is better (by name)
- Note: few runs

The call, on data revision \`7-9\`:

\`\`\`json
{"tool":"t","input":{}}
\`\`\`

The same through MLflow's own client:

\`\`\`python
import mlflow
mlflow.search_runs()
\`\`\`

- Asked: best f1?
- Answered at 2026-11-20T18:00:00.000Z from a.db, model offline, runsight 1.2.3`);
  });

  it('tells of an answer without findings by its calls', () => {
    const text = explainAnswer(answerOf([], [{ tool: 'rank_runs', input: { metric: 'f2' }, ok: false }]));
    expect(text).toMatch(
      /^This answer stands on no finding\.\n\nA call that failed:\n\n```json\n.*"f2".*\n```\n\n- Asked/,
    );
    expect(explainAnswer(answerOf([], []))).toMatch(/^This answer stands on no finding\.\n\n- Asked/);
  });

  it('lets no name end its code or reach the terminal', () => {
    const name = '\x1b[31m```\n\u202e<b>|';
    const one = finding({
      title: name,
      coverage: wholeCoverage({
        unit: 'run',
        scope: [{ kind: 'experiment', id: '1', name }],
        filter: name,
        matched: 1,
      }),
      reproduce: `f(${JSON.stringify(name)})`,
    });
    const text = explainAnswer(answerOf([one], []));
    expect(text.replaceAll('\n', '')).not.toMatch(FORBIDDEN);
    expect(text.match(/^````python\nf\(.*\)\n````$/m)).not.toBeNull();
    expect(text.split('\n')[0]).toBe('**#1 \\\\x1b\\[31m\\`\\`\\`\\\\n\\\\u{202e}\\<b\\>\\|**');
  });
});
