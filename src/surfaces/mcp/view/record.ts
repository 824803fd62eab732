/** What the view reads of the answer record (`schema/answer.schema.json`), as JSON has it. */
import type { CurveAxis, Quantity } from '../../../finding/drawing.ts';
import type { Ref } from '../../../finding/refs.ts';
import type { Column } from '../../../finding/table.ts';

/** Numbers that JSON has not are strings. */
export type JsonNumber = number | string;
export type JsonCell = JsonNumber | boolean | Ref;

export interface PointRecord {
  readonly step: JsonNumber;
  readonly value: JsonNumber;
  readonly at?: JsonNumber;
}

export interface CurveRecord {
  readonly name: string;
  readonly points: readonly PointRecord[];
}

export interface XYRecord {
  readonly x: JsonNumber;
  readonly y: JsonNumber;
}

interface ChartWords {
  readonly title: string;
  readonly alt: string;
}

export type ChartRecord = ChartWords &
  (
    | { readonly kind: 'curve'; readonly series: readonly CurveRecord[]; readonly axis?: CurveAxis }
    | {
        readonly kind: 'scatter';
        readonly x: Quantity & { readonly log: boolean };
        readonly y: Quantity;
        readonly points: readonly XYRecord[];
        readonly fit?: { readonly curve: readonly XYRecord[] };
      }
  );

export interface TableRecord {
  readonly title?: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Readonly<Record<string, JsonCell>>[];
  readonly total: number;
}

export interface FindingRecord {
  readonly title: string;
  readonly summary: string;
  readonly data: {
    readonly tables: readonly TableRecord[];
    readonly series?: readonly { readonly of: Ref; readonly metric: string; readonly points: readonly PointRecord[] }[];
  };
  readonly caveats: readonly { readonly text: string }[];
  readonly followUps: readonly string[];
}

export interface AnsweredRecord {
  readonly conversation: string;
  readonly status: string;
  readonly text: string;
  readonly evidence?: readonly { readonly text: string }[];
  readonly warnings: readonly string[];
  readonly choices?: readonly { readonly label: string; readonly question: string }[];
  readonly charts: readonly ChartRecord[];
  readonly followUps: readonly string[];
  readonly error?: { readonly message: string };
}

/** What a tool of ours gives as structured content. */
export type ToolRecord =
  | AnsweredRecord
  | FindingRecord
  | { readonly findings: readonly FindingRecord[] }
  | { readonly pending: PendingRecord };

export interface PendingRecord {
  readonly handle: string;
  readonly state: 'running' | 'cancelled';
  readonly seconds: number;
}
