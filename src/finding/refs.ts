/** What a finding can point to: a thing of any kind, by its id and its name. */

export interface Named {
  readonly id: string;
  /** Empty where it has none. */
  readonly name: string;
}

export interface Ref extends Named {
  /** A singular noun: `run`, `experiment`, or whatever else a store holds. */
  readonly kind: string;
}

/** Takes of the thing no more than names it. */
export const refOf = (kind: string, { id, name }: Named): Ref => ({ kind, id, name });

/** What tells any two things apart. */
export const refKey = ({ kind, id }: Ref): string => JSON.stringify([kind, id]);

/** Of all that a cell can be, only a ref is an object. */
export const isRef = (cell: unknown): cell is Ref => typeof cell === 'object' && cell !== null;

export const refsOfKind = (refs: readonly Ref[], kind: string): Ref[] => refs.filter((ref) => ref.kind === kind);

export const idsOfKind = (refs: readonly Ref[], kind: string): string[] => refsOfKind(refs, kind).map(({ id }) => id);

/** A prefix of a run's id stands for the run; other ids are told whole. */
export const shownId = ({ kind, id }: Ref): string => (kind === 'run' ? id.slice(0, 8) : id);

/** Which of the things side by side stand with their ids: runs always, for their names repeat; others that share a name. */
export function idNeeds(cells: Iterable<unknown>): (ref: Ref) => boolean {
  const known = new Map<string, Ref>();
  const shared = new Set<string>();
  for (const cell of cells) {
    if (!isRef(cell)) continue;
    const { kind, id } = known.get(cell.name) ?? cell;
    if (kind !== cell.kind || id !== cell.id) shared.add(cell.name);
    known.set(cell.name, cell);
  }
  return ({ kind, name }) => kind === 'run' || shared.has(name);
}
