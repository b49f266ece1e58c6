/** What stands behind the handles that branches and loops give, for those who take values out of them. */
import type { BranchesGroup, ConditionGroup, LoopGroup } from './traced-group.ts';

/** What stands behind the handle that `when`, `otherwise` or `forEach` gave. */
export type Gathering =
  | { readonly kind: 'loop'; readonly group: LoopGroup; readonly returned: unknown }
  | { readonly kind: 'when'; readonly group: ConditionGroup; readonly returned: unknown }
  | { readonly kind: 'branches'; readonly group: BranchesGroup; readonly returned: readonly Branch[] };

/** A branch and what its function gave. */
export interface Branch {
  readonly group: ConditionGroup;
  readonly returned: unknown;
}

const gatherings = new WeakMap<object, Gathering>();

/** Remembers what stands behind a handle. */
export function remember(handle: object, gathering: Gathering): void {
  gatherings.set(handle, gathering);
}

/** Finds what stands behind a handle; undefined for any other value. */
export function gatheringOf(value: unknown): Gathering | undefined {
  return typeof value === 'object' && value !== null ? gatherings.get(value) : undefined;
}
