/** Traces `when` and what follows it. */
import type { BranchesGroup, ConditionGroup, TracedGroup } from './traced-group.ts';
import { refsOfCondition, type Condition } from './condition.ts';
import { readGroupOptions, runInGroup, type FlowSurroundings } from './flow-group.ts';
import { remember, type Branch } from './gatherings.ts';
import type { Growing } from './open-groups.ts';
import { scopeFault } from './scope.ts';

/** A chain of branches that may go on. */
interface Chain {
  readonly parent: TracedGroup;
  readonly branches: Branch[];
  /** The group around them, once there are several. */
  around: BranchesGroup | undefined;
  /** The conditions so far, each of which must not hold for the next branch. */
  readonly before: Condition[];
  ended: boolean;
}

export class BranchCalls {
  readonly #to: FlowSurroundings;

  constructor(to: FlowSurroundings) {
    this.#to = to;
  }

  when(condition: unknown, body: unknown, options: unknown): object {
    const { groups } = this.#to;
    const read = this.#condition(condition, 'when');
    const branch = this.#branch([read], groups.current, 'when', body, options, (group) => groups.add(group));
    const chain: Chain = {
      parent: branch.group.parent,
      branches: [branch],
      around: undefined,
      before: [negated(read)],
      ended: false,
    };
    const handle = {
      elseWhen: (next: unknown, nextBody: unknown, nextOptions: unknown): object => {
        const own = this.#condition(next, 'elseWhen');
        this.#follow(chain, [...chain.before, own], 'elseWhen', nextBody, nextOptions);
        chain.before.push(negated(own));
        return handle;
      },
      otherwise: (last: unknown, lastOptions: unknown): object => {
        this.#follow(chain, [...chain.before], 'otherwise', last, lastOptions);
        chain.ended = true;
        const end = Object.freeze({});
        const { around, branches } = chain;
        if (around !== undefined) remember(end, { kind: 'branches', group: around, returned: branches });
        return end;
      },
    };
    remember(handle, { kind: 'when', ...branch });
    return handle;
  }

  /** Reads a condition, all of whose Refs must be at hand. */
  #condition(value: unknown, name: string): Condition {
    const { conditions, groups, context } = this.#to;
    const condition = conditions.read(value, name);
    for (const ref of refsOfCondition(condition)) {
      const hidden = scopeFault(ref, groups.current);
      if (hidden !== undefined) context.diagnostics.add('FER2027', { at: context.callPlace()(), ...hidden });
    }
    return condition;
  }

  #follow(
    chain: Chain,
    conditions: readonly Condition[],
    name: string,
    body: unknown,
    options: unknown,
  ): void {
    const { context, groups } = this.#to;
    const misplaced = chain.ended
      ? 'follows .otherwise(), which ends the branches'
      : chain.parent === groups.current
        ? undefined
        : 'stands in another loop or branch than its when()';
    if (misplaced !== undefined)
      context.diagnostics.add('FER2032', {
        at: context.callPlace()(),
        problem: `.${name}() ${misplaced}`,
        fix: 'write the chain in one piece: when(...).elseWhen(...).otherwise(...)',
      });
    const [first] = chain.branches;
    if (chain.around === undefined && first !== undefined) {
      chain.around = groups.make<BranchesGroup>((children) => ({
        kind: 'branches',
        parent: chain.parent,
        children,
        place: first.group.place,
      }));
      groups.replace(chain.parent, first.group, chain.around);
      const moved: Growing<ConditionGroup> = first.group;
      moved.parent = chain.around;
      groups.within(chain.around, () => groups.add(first.group));
    }
    const around = chain.around ?? chain.parent;
    chain.branches.push(
      this.#branch(conditions, around, name, body, options, (group) =>
        groups.within(around, () => groups.add(group)),
      ),
    );
  }

  #branch(
    conditions: readonly Condition[],
    parent: TracedGroup,
    name: string,
    body: unknown,
    options: unknown,
    add: (group: ConditionGroup) => void,
  ): Branch {
    const { groups } = this.#to;
    const place = this.#to.context.callPlace();
    const group = groups.make<ConditionGroup>((children) => ({
      kind: 'condition',
      conditions,
      parent,
      children,
      ...readGroupOptions(this.#to, options, place),
      place,
    }));
    add(group);
    return { group, returned: runInGroup(this.#to, group, name, body, []) };
  }
}

function negated(condition: Condition): Condition {
  return { kind: 'not', condition };
}
