/** A kind of thing that nothing here has heard of goes the whole way of a finding: nobody lists the kinds there are. */
import { expect, test } from 'vitest';
import { checkText } from '../../src/agent/check/check-text.ts';
import { collectEvidence } from '../../src/agent/check/evidence.ts';
import { createConversation } from '../../src/agent/conversation/conversation.ts';
import { addFinding, createDraft } from '../../src/agent/conversation/draft.ts';
import { chartOf } from '../../src/finding/charts.ts';
import { wholeCoverage } from '../../src/finding/coverage.ts';
import type { Finding } from '../../src/finding/finding.ts';
import { findingJson } from '../../src/finding/json.ts';
import type { Ref } from '../../src/finding/refs.ts';
import { findingText } from '../../src/finding/text.ts';
import { drawChart } from '../../src/present/chart.ts';
import { chartJson } from '../../src/present/chart-json.ts';
import { sketchBars } from '../../src/present/picture/bars.ts';
import { explainAnswer } from '../../src/present/why.ts';
import { barsOf } from '../../src/tools/population/drawings.ts';
import { createBody, createFinding } from '../agent/doubles.ts';
import { exportTexts } from './exported.ts';
import { plainScreen } from './screens.ts';

const widget = (id: string, name: string): Ref => ({ kind: 'widget', id, name });
const ALPHA = widget('w-1', 'alpha-7');
const [TWIN, OTHER] = [widget('w-2', 'twin'), widget('w-3', 'twin')] as const;
const ALL = [ALPHA, TWIN, OTHER, widget('w-4', '')];

function widgets(): Finding {
  const columns = [
    ['widget', 'widget'],
    ['metrics.gloss', 'metric'],
  ] as const;
  const body = createBody(
    columns,
    ALL.map((one, i) => [one, 0.91 - i / 8]),
    {
      title: 'Widgets',
      summary: 'These are the widgets.',
      coverage: {
        ...wholeCoverage({ unit: 'widget', scope: [{ kind: 'rack', id: 's1', name: 'upper' }], matched: 5 }),
        considered: 4,
        excluded: [{ reason: 'broken', count: 1 }],
      },
      subject: { refs: ALL, named: [ALPHA], better: ALPHA, measure: 'gloss' },
    },
  );
  return createFinding({ ...body, data: { ...body.data, drawing: barsOf(body.data.tables[0]) } });
}

test('text and /why count widgets and name what they were looked for in', () => {
  const text = findingText(widgets());
  expect(text).toContain('| alpha-7 |');
  expect(text).toContain('| twin (w-2) |');
  expect(text).toContain('| twin (w-3) |');
  expect(text).toContain('| widget w-4 |');
  expect(text).toContain('5 widgets matched, 4 used (1 broken) · rack `upper` · ');
  const all = { ...widgets(), coverage: wholeCoverage({ unit: 'widget', scope: 'all', within: 'rack', matched: 1 }) };
  expect(findingText(all)).toContain('\n1 widget · all racks · ');
  expect(explain(widgets())).toContain('- Scope: rack `upper` (id `s1`)\n- Filter: none\n- Widgets: 5 matched, 4 used');
  expect(explain(all)).toContain('- Scope: all racks\n');
});

function explain(finding: Finding): string {
  const usage = { model: 'offline', inputTokens: 0, outputTokens: 0, requests: 0 };
  const receipt = { version: '1', question: 'q', now: 'n', store: 's', calls: [] };
  const rest = {
    id: 'a',
    conversation: 'c',
    evidence: [],
    warnings: [],
    status: 'answered',
    text: '',
    choices: [],
    charts: [],
    followUps: [],
    timingMs: 1,
  } as const;
  return explainAnswer({ ...rest, findings: [finding], usage, receipt });
}

test('JSON says of each what it is, and a finding is plain data', () => {
  const finding = widgets();
  expect(JSON.parse(JSON.stringify(finding))).toEqual(finding);
  expect(findingJson(finding)).toMatchObject({
    data: { tables: [{ rows: [{ widget: ALPHA, 'metrics.gloss': 0.91 }, {}, {}, {}] }] },
    coverage: { unit: 'widget', scope: [{ kind: 'rack' }], excluded: { broken: 1 } },
    subject: { refs: ALL, named: [ALPHA], better: ALPHA, measure: 'gloss' },
  });
});

test('files to take away have their ids and names', () => {
  const lines = ['widget_id,widget_name,metrics.gloss', 'w-1,alpha-7,0.91', 'w-2,twin,0.785'];
  expect(exportTexts([widgets()], 'csv').content.split('\r\n').slice(0, 3)).toEqual(lines);
  const markdown = exportTexts([widgets()], 'md').content;
  expect(markdown).toContain('| widget_id | widget_name | metrics.gloss |\n|---|---|--:|\n| w-1 | alpha-7 | 0.91 |');
  const points = [0.5, 0.6].map((value, step) => ({ step, value }));
  const series = [{ of: ALPHA, metric: 'gloss', points, logged: 2 }];
  const curve: Finding = { ...widgets(), kind: 'series', data: { tables: [], series } };
  expect(exportTexts([curve], 'csv').content.split('\r\n')[0]).toBe('widget_id,widget_name,metric,step,value');
});

test('bars name them, with the id where two share a name', () => {
  const chart = chartOf(widgets());
  if (chart?.kind !== 'bars') throw new Error('no bars');
  expect(chart.alt).toBe(
    '`metrics.gloss` as bars: alpha-7 0.91; `twin` (w-2) 0.785; `twin` (w-3) 0.66; widget w-4 0.535.',
  );
  const drawn = drawChart(chart, plainScreen(60)).join('\n');
  for (const name of ['alpha-7 ', 'twin (w-2) ', 'twin (w-3) ', 'w-4 ']) expect(drawn).toContain(name);
  expect(drawn).not.toContain('w-1');
  expect(chartJson(chart)).toMatchObject({ bars: [{ ...ALPHA, value: 0.91 }, {}, {}, {}] });
  expect(JSON.stringify(sketchBars(chart))).toContain('twin (w-2)');
});

test('their names, ids and numbers are evidence, and what is another one’s is told', async () => {
  const check = (text: string) =>
    checkText(text, collectEvidence({ findings: [widgets()], questions: [], texts: [], now: 0, timeZone: 'UTC' }));
  expect((await check('Widget 7 is `alpha-7` (w-1), of 5 widgets, 1 of them broken.')).unsupported).toEqual([]);
  expect((await check('Widget `alpha-7` has a gloss of 0.91.')).unsupported).toEqual([]);
  expect((await check('Widget `alpha-7` has a gloss of 0.66.')).unsupported).toHaveLength(1);
  expect((await check('Of five widgets four are left.')).unsupported).toEqual([]);
  expect((await check('Nine widgets are there: widget 8 is `beta`.')).unsupported).toHaveLength(3);
});

test('a conversation remembers of them no runs and no experiments', () => {
  const draft = createDraft(createConversation(), 'which widgets are there?');
  addFinding(draft, { id: '1', name: 't', input: {} }, {}, widgets());
  expect(draft.recentExperimentIds).toBeUndefined();
});
