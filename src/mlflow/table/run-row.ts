/** One row of a table, looked at as a run. */

import type { MetricPoint } from '../../query/point.ts';
import type { RunView } from '../filter/matches.ts';
import type { Projection } from '../runs/tracking-store.ts';
import type { DatasetInput, Lifecycle, Run, RunStatus } from '../runs/types.ts';
import type { Growing, Numbers } from './growing.ts';
import type { KeyedList } from './keyed-list.ts';
import { LIFECYCLES, type RunTable, STATUSES } from './run-table.ts';

export const EVERYTHING: Projection = { metrics: 'all', params: 'all', tags: 'all', datasets: true };

/** Makes nothing before it is asked for, and can be set on row after row. */
export class RunRow implements RunView {
  row = 0;
  readonly metrics: RunView['metrics'];
  readonly params: RunView['params'];
  readonly tags: RunView['tags'];
  readonly #table: RunTable;

  constructor(table: RunTable) {
    this.#table = table;
    const { metrics, params, tags, texts } = table;
    const lookInto = <T>(list: KeyedList<Numbers>, read: (place: number) => T) => ({
      get: (key: string): T | undefined => {
        const place = list.find(this.row, texts.find(key));
        return place === undefined ? undefined : read(place);
      },
    });
    this.metrics = lookInto(metrics, (place): MetricPoint => metrics.pointAt(place));
    this.params = lookInto(params, (place) => texts.at(params.valueAt(place)));
    this.tags = lookInto(tags, (place) => texts.at(tags.valueAt(place)));
  }

  get id(): string {
    return this.#table.ids.at(this.row)!;
  }
  get name(): string {
    return this.#textOf(this.#table.heads.names)!;
  }
  get experimentId(): string {
    return this.#textOf(this.#table.heads.experimentIds)!;
  }
  get status(): RunStatus {
    return STATUSES[this.#table.heads.statuses.at(this.row)]!;
  }
  get lifecycle(): Lifecycle {
    return LIFECYCLES[this.#table.heads.lifecycles.at(this.row)]!;
  }
  get startTime(): number | undefined {
    return toTime(this.#table.heads.startTimes.at(this.row));
  }
  get endTime(): number | undefined {
    return toTime(this.#table.heads.endTimes.at(this.row));
  }
  get user(): string | undefined {
    return this.#textOf(this.#table.heads.users);
  }
  get parentId(): string | undefined {
    return this.#textOf(this.#table.heads.parentIds);
  }
  get artifactUri(): string | undefined {
    return this.#table.artifactUris.at(this.row);
  }
  get datasets(): readonly DatasetInput[] {
    return this.#table.datasetsOf(this.row);
  }

  /** The run itself, with what is asked for. */
  toRun(projection: Projection): Run {
    const { startTime, endTime, user, parentId, artifactUri } = this;
    const { metrics, params, tags, texts } = this.#table;
    return {
      id: this.id,
      name: this.name,
      experimentId: this.experimentId,
      status: this.status,
      lifecycle: this.lifecycle,
      ...(startTime !== undefined && { startTime }),
      ...(endTime !== undefined && { endTime }),
      ...(user !== undefined && { user }),
      ...(parentId !== undefined && { parentId }),
      ...(artifactUri !== undefined && { artifactUri }),
      metrics: this.#toMap(metrics, projection.metrics, (place) => metrics.pointAt(place)),
      params: this.#toMap(params, projection.params, (place) => texts.at(params.valueAt(place))),
      tags: this.#toMap(tags, projection.tags, (place) => texts.at(tags.valueAt(place))),
      datasets: projection.datasets ? this.datasets : [],
    };
  }

  #toMap<T>(
    list: KeyedList<Numbers>,
    keys: readonly string[] | 'all' | undefined,
    read: (place: number) => T,
  ): Map<string, T> {
    const map = new Map<string, T>();
    if (keys === undefined) return map;
    const to = list.to(this.row);
    for (let place = list.from(this.row); place < to; place++) {
      const key = this.#table.texts.at(list.keyAt(place));
      if (keys === 'all' || keys.includes(key)) map.set(key, read(place));
    }
    return map;
  }

  #textOf(codes: Growing<Int32Array>): string | undefined {
    return this.#table.texts.optional(codes.at(this.row));
  }
}

function toTime(number: number): number | undefined {
  return Number.isNaN(number) ? undefined : number;
}

/** The runs in some rows of a table. */
export function toRuns(table: RunTable, rows: readonly number[], projection: Projection): Run[] {
  const view = new RunRow(table);
  return rows.map((row) => {
    view.row = row;
    return view.toRun(projection);
  });
}
