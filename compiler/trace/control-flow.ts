/** Traces branches, loops and exit tasks: opens their groups and runs their functions. */
import type { Location } from '../../errors/index.ts';
import { typeText } from '../interfaces/value-type.ts';
import { OptionReader } from '../options/option-reader.ts';
import type { PortType } from '../interfaces/component-interface.ts';
import { refsOfCondition, type Condition } from './condition.ts';
import type { ConditionCalls } from './condition-calls.ts';
import { constantOf, typeOfAll } from './item-type.ts';
import type { Growing, OpenGroups } from './open-groups.ts';
import { refOf, refText, type RefObject, type RefSource } from './ref.ts';
import { scopeFault } from './scope.ts';
import { holdsRef } from './template.ts';
import type { TraceContext } from './trace-context.ts';
import type {
  BranchesGroup,
  ConditionGroup,
  ExitGroup,
  InnerGroup,
  LoopGroup,
  LoopItems,
  TracedGroup,
} from './traced-group.ts';
import type { TracedTask } from './traced-task.ts';

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

/** Finds what stands behind a handle; undefined for any other value. */
export function gatheringOf(value: unknown): Gathering | undefined {
  return typeof value === 'object' && value !== null ? gatherings.get(value) : undefined;
}

/** What control flow needs of the tracer. */
export interface FlowSurroundings {
  readonly context: TraceContext;
  readonly groups: OpenGroups;
  readonly conditions: ConditionCalls;
  ref(source: RefSource, type: PortType | undefined): object;
  taskOf(value: unknown): TracedTask | undefined;
  /** Whether a value stands for a task or a Ref whose fault was reported. */
  isBroken(value: unknown): boolean;
}

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

export class ControlFlow {
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
        if (around !== undefined)
          gatherings.set(end, { kind: 'branches', group: around, returned: branches });
        return end;
      },
    };
    gatherings.set(handle, { kind: 'when', ...branch });
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
      ...this.#groupOptions(options, place),
      place,
    }));
    add(group);
    return { group, returned: this.#run(group, name, body, []) };
  }

  forEach(items: unknown, body: unknown, options: unknown): object {
    const { groups, context } = this.#to;
    const place = context.callPlace();
    const found = this.#items(items, place);
    const { parallelism, ...common } = this.#groupOptions(options, place, true);
    const group = groups.make<LoopGroup>((children) => ({
      kind: 'loop',
      items: found?.items ?? { kind: 'constant', values: [] },
      itemType: found?.type ?? { kind: 'any' },
      ...(parallelism !== undefined && { parallelism }),
      parent: groups.current,
      children,
      ...common,
      place,
    }));
    groups.add(group);
    const item =
      found === undefined
        ? this.#to.ref({ kind: 'broken' }, undefined)
        : this.#to.ref({ kind: 'item', loop: group }, found.type);
    const returned = this.#run(group, 'forEach', body, [item]);
    const handle = Object.freeze({});
    gatherings.set(handle, { kind: 'loop', group, returned });
    return handle;
  }

  #items(items: unknown, place: () => Location): { items: LoopItems; type: PortType } | undefined {
    const fault = (problem: string, fix: string): undefined => {
      this.#to.context.diagnostics.add('FER2029', { at: place(), problem, fix });
      return undefined;
    };
    const ref = refOf(items);
    if (ref !== undefined) return this.#itemsOfRef(ref, place, fault);
    if (!Array.isArray(items))
      return fault(
        `forEach() needs a list, and is given ${this.#nameOf(items)}`,
        'give a constant list, or a Ref to a list',
      );
    if (items.length === 0)
      return fault('forEach() is given an empty list', 'give it items, or leave the loop out');
    const values = constantOf(items);
    if (Array.isArray(values)) return { items: { kind: 'constant', values }, type: typeOfAll(values) };
    const holdsRefs = items.some((item: unknown) => holdsRefInside(item));
    return fault(
      'the items of forEach() are no constants',
      holdsRefs
        ? 'KFP has no list of several outputs: let a component make the list, and repeat for its output'
        : 'give texts, numbers, booleans, lists and objects of them',
    );
  }

  #nameOf(items: unknown): string {
    if (gatheringOf(items)?.kind === 'loop') return 'a loop: take its list with collect(loop)';
    if (this.#to.taskOf(items) !== undefined) return 'a task: repeat for one of its outputs';
    return typeof items === 'object' ? 'an object' : String(items);
  }

  #itemsOfRef(
    ref: RefObject,
    place: () => Location,
    fault: (problem: string, fix: string) => undefined,
  ): { items: LoopItems; type: PortType } | undefined {
    const { type } = ref;
    if (type === undefined) return undefined;
    const hidden = scopeFault(ref, this.#to.groups.current);
    if (hidden !== undefined) this.#to.context.diagnostics.add('FER2027', { at: place(), ...hidden });
    const items: LoopItems = { kind: 'ref', ref };
    if (type.kind === 'list') return { items, type: type.element };
    if (type.kind === 'artifact' && type.list) return { items, type: { ...type, list: false } };
    return fault(
      `forEach() needs a list, and is given ${refText(ref)}, which is ${typeText(type)}`,
      'give a constant list, or a Ref to a list',
    );
  }

  onExit(task: unknown, body: unknown, options: unknown): unknown {
    const { groups, context } = this.#to;
    const place = context.callPlace();
    const exitTask = this.#to.taskOf(task);
    const fault = (problem: string, fix: string): void =>
      context.diagnostics.add('FER2031', { at: place(), problem, fix });
    if (exitTask !== undefined) this.#checkExitTask(exitTask, fault);
    else if (!this.#to.isBroken(task))
      fault('onExit() needs a task of this pipeline', 'make it before: const told = notify({ ... })');
    if (groups.current.kind !== 'root')
      fault(
        'onExit() stands in a loop or branch',
        "write it in the pipeline's function itself: KFP runs exit tasks at the end of a whole pipeline",
      );
    const common = this.#groupOptions(options, place);
    const run = (group: TracedGroup): unknown => this.#run(group, 'onExit', body, []);
    if (exitTask === undefined || this.#exitTasks.has(exitTask) || exitTask.group.kind !== 'root')
      return run(groups.current);
    groups.remove(exitTask.group, exitTask);
    const parent = groups.current;
    const group = groups.make<ExitGroup>((children) => ({
      kind: 'exit',
      exitTask,
      parent,
      children,
      ...common,
      place,
    }));
    this.#exitTasks.set(exitTask, group);
    groups.add(group);
    return run(group);
  }
  readonly #exitTasks = new Map<TracedTask, ExitGroup>();

  #checkExitTask(task: TracedTask, fault: (problem: string, fix: string) => void): void {
    if (task.work.kind === 'importer')
      fault(
        `"${task.name}" is an importer: KFP runs none as an exit task`,
        'let a component do what must be done',
      );
    else if (this.#exitTasks.has(task))
      fault(`"${task.name}" is the exit task of another onExit() already`, 'make a task for each');
    else if (task.group.kind !== 'root')
      fault(
        `the exit task "${task.name}" is made in a loop or branch`,
        "make it in the pipeline's function itself",
      );
  }

  /** The exit tasks, by the groups that they run after. */
  get exitTasks(): ReadonlyMap<TracedTask, ExitGroup> {
    return this.#exitTasks;
  }

  /** Runs a group's function with the group open. */
  #run(group: TracedGroup, name: string, body: unknown, given: readonly unknown[]): unknown {
    const { groups, context } = this.#to;
    const at = context.callPlace();
    if (typeof body !== 'function') {
      context.diagnostics.add('FER2030', {
        at: at(),
        problem: `${name}() has no function`,
        fix: 'give it one: () => { ... }',
      });
      return undefined;
    }
    const run = body as (...given: readonly unknown[]) => unknown;
    const returned = groups.within(group, () => run(...given));
    if (returned instanceof Promise) {
      // Whatever it rejects with comes of the same mistake.
      returned.catch(() => undefined);
      context.diagnostics.add('FER2013', {
        at: at(),
        problem: `the function of ${name}() is async: it is traced once, when the pipeline is compiled`,
        fix: 'remove async; let a component do what must wait',
      });
    } else if (group.children.length === 0)
      context.diagnostics.add('FER2030', {
        at: at(),
        problem: `the function of ${name}() makes no task`,
        fix: 'call a component in it: a run can do nothing else',
      });
    return returned;
  }

  #groupOptions(options: unknown, place: () => Location, isLoop = false): GroupSettings {
    const reader = new OptionReader(options, place, this.#to.context.diagnostics);
    const displayName = reader.text('name');
    const parallelism = isLoop ? reader.number('parallelism') : undefined;
    reader.refuseOthers(isLoop ? ['name', 'parallelism'] : ['name']);
    if (parallelism !== undefined && !(Number.isInteger(parallelism) && parallelism >= 1))
      reader.fault('parallelism', 'must be a whole number of 1 or more', 'leave it out for no limit');
    return {
      ...(displayName !== undefined && { displayName }),
      ...(parallelism !== undefined && { parallelism }),
    };
  }
}

interface GroupSettings extends Pick<InnerGroup, 'displayName'> {
  readonly parallelism?: number;
}

function holdsRefInside(value: unknown): boolean {
  if (typeof value === 'string') return holdsRef(value);
  if (refOf(value) !== undefined) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsRefInside);
}

function negated(condition: Condition): Condition {
  return { kind: 'not', condition };
}
