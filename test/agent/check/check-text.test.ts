import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkText } from '../../../src/agent/check/check-text.ts';
import { collectEvidence } from '../../../src/agent/check/evidence.ts';
import { isRepairNote, repairNote } from '../../../src/agent/check/repair-note.ts';
import { formatDuration, formatNumber, formatPercent, formatRun, formatTime } from '../../../src/finding/format.ts';
import { quoteFilter, quoteName } from '../../../src/finding/quote.ts';
import type { Cell, ColumnKind } from '../../../src/finding/table.ts';
import { findingText } from '../../../src/finding/text.ts';
import { createBody, createFinding, NOW } from '../doubles.ts';

const started = Date.UTC(2026, 10, 13, 9, 5);
const body = createBody(
  [
    ['run', 'run'],
    ['status', 'status'],
    ['metrics.f1_score', 'metric'],
    ['metrics.total_latency_p95', 'metric'],
    ['params.hidden_layers', 'param'],
    ['params.learning_rate', 'param'],
    ['duration', 'duration'],
    ['start_time', 'time'],
    ['tags.note', 'tag'],
  ],
  [
    [
      { kind: 'run', id: 'a1b2c3d4e5f60718293a4b5c6d7e8f90', name: 'run-017' },
      'FINISHED',
      0.93124,
      1234.5678,
      '(64, 32)',
      '0.001',
      200_400,
      started,
      'ok',
    ],
    [
      { kind: 'run', id: 'b1b2c3d4e5f60718293a4b5c6d7e8f91', name: 'xgb big, v2' },
      'FAILED',
      -0.0471,
      87.4,
      '(128,)',
      '3e-05',
      3_725_000,
      undefined,
      'say 0.999',
    ],
    [
      { kind: 'run', id: 'c1b2c3d4e5f60718293a4b5c6d7e8f92', name: '0.777' },
      'FAILED',
      Number.NaN,
      12034,
      '(128,)',
      '0.01',
      undefined,
      undefined,
      undefined,
    ],
  ],
  {
    title: 'Best runs by `f1_score`',
    summary: '`run-017` is best by `f1_score` at 0.93124, 4.5% ahead; a run called `accuracy 0.4242` was left out.',
    coverage: {
      unit: 'run',
      scope: [{ kind: 'experiment', id: '7', name: 'churn' }],
      matched: 142,
      considered: 120,
      excluded: [{ reason: 'NaN', count: 22 }],
      complete: true,
    },
    subject: { refs: [{ kind: 'experiment', id: '7', name: 'churn' }], measure: 'f1_score' },
    links: [{ label: 'run', url: 'http://localhost:5000/#/runs/a1' }],
  },
);

function check(text: string, question = 'Which run is best?') {
  const findings = [createFinding(body, '#3')];
  const evidence = collectEvidence({
    findings,
    questions: [question],
    texts: ['find_runs'],
    now: NOW,
    timeZone: 'Europe/Berlin',
  });
  return checkText(text, evidence);
}
const unsupported = async (text: string, question?: string) => (await check(text, question)).unsupported;

describe('what findings support', () => {
  it.each([
    ['a value, rounded or whole', '0.93124, 0.9312, 0.93, 1,234.57, 1235, 1.2k and −0.047'],
    ['a value as a percentage', '93.1% or 93 percent, 4.5% ahead'],
    ['a difference by its size', 'it lost 0.0471'],
    ['numbers in parameters', 'layers (64, 32), learning rate 1e-3 or 0.00003'],
    [
      'counts of runs, rows and their statuses',
      '142 runs matched, 120 were used, 22 were NaN, 3 rows, 2 FAILED, two runs failed',
    ],
    [
      'names of runs, keys, statuses, experiments',
      '`run-017`, run-017, `f1_score`, F1 score, F1, p95, `churn`, "churn"',
    ],
    ['part of an id', 'run a1b2c3d4 and `b1b2c3d4e5`'],
    ['a run by the number in its name', 'run 17 won, then runs 17 and 17'],
    ['a name with blanks when it is quoted', 'the run `xgb big, v2` and "xgb big, v2"'],
    ['handles', 'see #3'],
    ['durations', '3 m 20 s, 3 min 20 s, 200 s, 3.3 minutes, 1 h 2 m 5 s, 1 hour'],
    [
      'times, in UTC and in the zone',
      '2026-11-13 09:05 UTC, 2026-11-13 10:05, Nov 13, 13 November 2026, November 2026',
    ],
    ["today's date", 'as of 2026-11-20'],
    ['ranks among the rows', 'the 2nd of the top 3'],
    [
      'numbers of list items and table rows',
      '1. `run-017`\n2. `churn`\n3. none\n\n| # | run |\n|---|---|\n| 1 | `run-017` |',
    ],
    ['the number of things listed', 'There are 5:\n- a\n- b\n- c\n- d\n- e'],
    ['rows left over', '`run-017`, +2 more, and 1 more'],
    ['links of the finding', '[run](http://localhost:5000/#/runs/a1)'],
    ['names of tools', 'the tool find_runs'],
    ['words without any claim', 'Higher is better; cross-validation, e.g. k-fold, is well-known.'],
  ])('%s', async (_, text) => {
    expect(await unsupported(text)).toEqual([]);
  });

  it('names and counts of the question itself', async () => {
    const question = 'Did `resnet-50` beat the other two runs with weight_decay_2?';
    expect(await unsupported('No, `resnet-50` did not beat the two runs with weight_decay_2.', question)).toEqual([]);
  });
});

describe('what nothing supports', () => {
  it.each([
    ['another number', '0.94', ['0.94']],
    ['more digits than the value has', '0.9316', ['0.9316']],
    ['truncation instead of rounding', '-0.0470', ['-0.0470']],
    ['another sign', '+0.0471 or -0.93', ['+0.0471', '-0.93']],
    ['a percentage', '94% ahead', ['94%']],
    ['a count', '143 runs, nine runs', ['143', 'nine']],
    ['a small count', '6 of them failed', ['6']],
    ['a factor', '3.5x faster', ['3.5x']],
    ['a thousandfold', '1.3k', ['1.3k']],
    ['a run name', 'run-018, `run-018`, `baseline`', ['run-018', '`run-018`', '`baseline`']],
    ['a run by number', 'run 18 won', ['18']],
    ['a run id', 'deadbeef99 and a1b2c3d5', ['deadbeef99', 'a1b2c3d5']],
    ['a metric', 'f2_score, `roc_auc`, R2D2', ['f2_score', '`roc_auc`', 'R2D2']],
    ['a handle', 'see #4', ['#4']],
    ['a duration', '3 m 25 s', ['3 m 25 s']],
    ['a date or a time', 'on 2026-11-14, Nov 15, at 09:06', ['2026-11-14', 'Nov 15', '09:06']],
    ['more rows than are left over', '4 more', ['4']],
    ['a rank beyond the rows', 'the 5th, the top 9', ['5th', '9']],
    ['a list number out of its order', '1. a\n93. b', ['93']],
    ['a version', 'MLflow 3.17.2', ['3.17.2']],
    ['a link', 'http://evil.example/x?q=1', ['http://evil.example/x?q=1']],
    ['a number in a stored note', 'it says 0.999', ['0.999']],
    ['a number in a stored name, quoted by the summary', 'accuracy 0.4242', ['0.4242']],
    ['a run name that is a number, said as a value', 'it has 0.777', ['0.777']],
    ['digits of another script, and fractions', '０.９９ and ½', ['０.９９', '½']],
    ['numbers beside each other', '0.93/0.95, 10-20', ['0.95', '10', '20']],
  ])('%s', async (_, text, expected) => {
    expect(await unsupported(text)).toEqual(expected);
  });
});

describe('a value and its run', () => {
  const table = createBody(
    [
      ['run', 'run'],
      ['metrics.f1_score', 'metric'],
      ['metrics.auc', 'metric'],
    ],
    [
      [{ kind: 'run', id: 'a1b2c3d4e5f60718293a4b5c6d7e8f90', name: 'run-145' }, 0.733968, 0.8574],
      [{ kind: 'run', id: 'b1b2c3d4e5f60718293a4b5c6d7e8f91', name: 'run-009' }, 0.718547, 0.8546],
      [{ kind: 'run', id: 'c1b2c3d4e5f60718293a4b5c6d7e8f92', name: 'twin' }, 0.61, 0.8546],
      [{ kind: 'run', id: 'd1b2c3d4e5f60718293a4b5c6d7e8f93', name: 'twin' }, 0.62, 0.71],
    ],
  );
  const evidence = collectEvidence({
    findings: [createFinding(table)],
    questions: [],
    texts: [],
    now: NOW,
    timeZone: 'UTC',
  });
  const unsupported = async (text: string) => (await checkText(text, evidence)).unsupported;

  it.each([
    ['`run-145` has an `f1_score` of 0.7185.', '0.7185'],
    ['Here `run-009` (b1b2c3d4) has an `f1_score` of 0.7340, in `churn`.', '0.7340'],
    ['The `f1_score` of run-145 is **0.71855**.', '0.71855'],
    ['- `twin` (c1b2c3d4): `f1_score` 0.62', '0.62'],
    ['`run-009` has an `auc` of 0.8574', '0.8574'],
  ])('are told apart: %s', async (text, value) => {
    expect(await unsupported(text)).toEqual([value]);
  });

  it.each([
    '`run-145` has an `f1_score` of 0.734, `run-009` has 0.7185.',
    '`run-145` beats the second-best `f1_score` of 0.7185.',
    'Without `run-145` the best `f1_score` is 0.7185.',
    '`run-145` has the best `f1_score`, and 0.7185 is next.',
    '`run-145` has an `f1_score` above 0.7185.',
    '`twin` has an `f1_score` of 0.62.',
    '`run-009` has an `auc` of 0.8546.',
    'Best by `f1_score`:\n1. `run-145` 0.7340\n2. `run-009` 0.7185',
    '| `run-145` | 0.7340 |\n| `run-009` | 0.7185 |',
  ])('are left alone where more is said, or nothing wrong: %s', async (text) => {
    expect(await unsupported(text)).toEqual([]);
  });
});

describe('what is said of all, of none and of one alone', () => {
  const run = (name: string, id: string) => ({ kind: 'run', id: id.repeat(32), name });
  const coverage = { ...body.coverage, matched: 4, considered: 4, excluded: [] };
  const ranking = createBody(
    [
      ['run', 'run'],
      ['metrics.recall', 'metric'],
      ['params.optimizer', 'param'],
      ['params.depth', 'param'],
    ],
    [
      [run('cold-fox', 'a'), 0.9518, 'adam', '4'],
      [run('late-owl', 'b'), 0.9518, 'adam', '4'],
      [run('wild-elk', 'c'), 0.9157, 'sgd', '6'],
      [run('tall-jay', 'd'), 0.9, 'adam', undefined],
    ],
    {
      coverage,
      subject: { refs: body.subject.refs, measure: 'recall' },
      direction: { value: 'higher', source: 'name' },
      summary: '2 runs tie for the best `recall`.',
    },
  );
  const groups = createBody(
    [
      ['params.batch_size', 'param'],
      ['runs', 'count'],
      ['mean loss', 'metric'],
    ],
    [
      ['32', 19, 0.37],
      ['64', 5, 0.24],
    ],
    {
      summary: 'Mean `loss` by `batch_size`: 32: 0.37 (19 runs); 64: 0.24 (5 runs).',
      coverage: { ...coverage, matched: 25, considered: 24, excluded: [{ reason: 'without `loss`', count: 1 }] },
      subject: { refs: body.subject.refs, measure: 'loss' },
      direction: { value: 'lower', source: 'name' },
    },
  );
  const marks = async (finding: typeof groups, text: string) => {
    const findings = [createFinding(finding)];
    const evidence = collectEvidence({ findings, questions: [], texts: [], now: NOW, timeZone: 'UTC' });
    return (await checkText(text, evidence)).unsupported;
  };

  it.each([
    ['All four runs tie at 0.9518.', 'All'],
    ['Every one of them used adam.', 'Every'],
    ['None of the runs used sgd.', 'None'],
    ['All four runs have a depth set.', 'All'],
    ['No two runs share the same recall.', 'No'],
    ['`cold-fox` is the only run that gets to 0.9518.', 'only'],
    ['Every run used a depth of 4 or 6.', 'Every'],
    ['`cold-fox` alone ranks first on recall.', 'first'],
    ['`cold-fox` comes out ahead of everyone else on recall.', 'ahead'],
    ['`wild-elk` is behind because its data were noisy.', 'because'],
  ])('is refuted by one that differs: %s', async (text, mark) => {
    expect(await marks(ranking, text)).toContain(mark);
  });

  it.each([
    'Every one of them used adam or sgd.',
    'All four runs have a recall of at least 0.9.',
    'Not all four runs tie.',
    'The tied runs all have a recall of 0.9518.',
    'All but two of the runs tie at 0.9518.',
    'Only `wild-elk` used sgd.',
    '`tall-jay` is the only run without a depth.',
    '`cold-fox` shares the best recall with `late-owl`.',
    'Recall cannot single out a winner, because two of the four runs share the top value of 0.9518.',
  ])('is left alone where the cells bear it out, or only a part is meant: %s', async (text) => {
    expect(await marks(ranking, text)).toEqual([]);
  });

  it.each([
    ['All 25 runs have a loss.', 'All'],
    ['Every run uses a batch_size of 32.', 'Every'],
    ['The lowest mean loss is at batch_size 32.', '32'],
    ['With a batch_size of 64 the mean loss is higher than with 32.', 'higher'],
  ])('is told by counts of groups: %s', async (text, mark) => {
    expect(await marks(groups, text)).toContain(mark);
  });
});

it('marks behind the claim and touches nothing else', async () => {
  const text = '| run | f1 |\n|---|---|\n| `run-018` | **0.95** |';
  expect((await check(text)).text).toBe('| run | f1 |\n|---|---|\n| `run-018` [unverified] | **0.95 [unverified]** |');
});

describe('what others wrote in a record', () => {
  const run = { kind: 'run', id: 'a1b2c3d4e5f60718293a4b5c6d7e8f90', name: 'run-017' };
  const record = createBody(
    [
      ['key', 'text'],
      ['value', 'metric'],
    ],
    [['accuracy', 0.81]],
    {
      kind: 'record',
      summary:
        '`run-017` (a1b2c3d4) in `churn` is FINISHED, with 1 metric. user acc 0.9911; source train.py; description Fine. `run-017` has an accuracy of 0.9922. So it is.',
      subject: { refs: [run] },
    },
  );
  const sources = { findings: [createFinding(record)], questions: [], texts: [], now: NOW, timeZone: 'UTC' };
  const unsupported = async (text: string) => (await checkText(text, collectEvidence(sources))).unsupported;

  it.each([
    ['`run-017` has an accuracy of 0.9911.', ['0.9911']],
    ['`run-017` has an accuracy of 0.9922.', ['0.9922']],
    ['The accuracy of `run-017` is 0.81.', []],
    ['`run-017` (a1b2c3d4) in `churn` is FINISHED, with 1 metric.', []],
  ])('is no evidence: %s', async (text, expected) => {
    expect(await unsupported(text)).toEqual(expected);
  });
});

it('knows its own note', () => {
  expect(isRepairNote(repairNote(['0.95']))).toBe(true);
});

describe('for any value', () => {
  const evidenceOf = (kind: ColumnKind, cell: Cell) =>
    collectEvidence({
      findings: [
        createFinding(
          createBody([['value', kind]], [[cell]], {
            coverage: { ...body.coverage, matched: 0, considered: 0, excluded: [] },
          }),
        ),
      ],
      questions: [],
      texts: [],
      now: NOW,
      timeZone: 'UTC',
    });
  const values = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 });

  it('every way in which code writes it is supported', async () => {
    await fc.assert(
      fc.asyncProperty(values, fc.integer({ min: 3, max: 8 }), async (value, digits) => {
        const evidence = evidenceOf('metric', value);
        const texts = [formatNumber(value, digits), formatPercent(value), String(value)];
        for (const text of texts) expect((await checkText(`It is ${text} here.`, evidence)).unsupported).toEqual([]);
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.double({ noNaN: true, min: 1, max: 1e10 }), async (ms) => {
        const text = `It took ${formatDuration(ms)} in all.`;
        expect((await checkText(text, evidenceOf('duration', ms))).unsupported).toEqual([]);
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 4e12 }), async (time) => {
        const text = `It began ${formatTime(time)}.`;
        expect((await checkText(text, evidenceOf('time', time))).unsupported).toEqual([]);
      }),
    );
  });

  it('a number that is off by more than its last digit is marked', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.double({ noNaN: true, min: 0.1, max: 0.999 }),
        fc.integer({ min: 1, max: 400 }),
        async (value, off) => {
          const wrong = (value + off / 1000).toFixed(3);
          // What a table shows rounded may be rounded once more.
          fc.pre(Math.abs(Number(wrong) - value) > 0.00054 && Number(wrong) !== 1);
          expect((await checkText(`It is ${wrong}.`, evidenceOf('metric', value))).unsupported).toEqual([wrong]);
        },
      ),
    );
  });

  it('a name of the store is never marked, however odd, beside a filter that holds another', async () => {
    const name = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 90 }),
      fc.constantFrom('finetune roberta-base 13', 'eval/f1 > 0.85', 'a`b 7', '"x" 3', '12 runs'),
    );
    await fc.assert(
      fc.asyncProperty(name, name, async (run, key) => {
        const ref = { kind: 'run', id: 'a1b2c3d4e5f60718293a4b5c6d7e8f90', name: run };
        const filter = `metrics.\`${key.replaceAll('`', '``')}\` > 0.85`;
        const named = createBody([['run', 'run']], [[ref]], {
          summary: `1 run matches ${quoteFilter(filter)}: ${formatRun(ref)}, with ${quoteName(key)}.`,
          coverage: { ...body.coverage, filter },
        });
        const finding = createFinding(named);
        const evidence = collectEvidence({ findings: [finding], questions: [], texts: [], now: NOW, timeZone: 'UTC' });
        expect((await checkText(findingText(finding), evidence)).unsupported).toEqual([]);
      }),
    );
  });

  it('taking the marks out gives the text back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 80 }), async (text) => {
        const checked = await check(text);
        expect(checked.text.replaceAll(' [unverified]', '')).toBe(text.replaceAll(' [unverified]', ''));
        expect(checked.text.split(' [unverified]').length - 1).toBeGreaterThanOrEqual(checked.unsupported.length);
      }),
    );
  });
});
