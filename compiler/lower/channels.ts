/**
 * Finds the ways of values through a pipeline's groups, and names them as KFP does. A group is a DAG of its own: what its
 * tasks take from outside are inputs of it and of the groups around it, and what leaves it are outputs of it.
 */
import type { TaskInputArtifact, TaskInputParameter } from '../../spec/index.ts';
import { type PortType } from '../interfaces/component-interface.ts';
import type { GroupNames } from '../trace/flow/group-names.ts';
import { wholeOf, type RefObject, type RefSource } from '../trace/ref.ts';
import { homeOf } from '../trace/flow/scope.ts';
import { groupPath, type InnerGroup, type LoopGroup, type TracedGroup } from '../trace/flow/traced-group.ts';

/** Where a value is, as a task or an output of a DAG names it. */
export interface Selector {
  readonly subtask: string;
  readonly key: string;
}

/** An output of a group: one selector, or one a branch. */
export interface GroupOutput {
  readonly type: PortType;
  readonly selectors: readonly Selector[];
}

export class Channels {
  readonly #names: GroupNames;
  readonly #root: TracedGroup;
  readonly #outputs = new Map<InnerGroup, Map<string, GroupOutput>>();

  constructor(root: TracedGroup, names: GroupNames) {
    this.#root = root;
    this.#names = names;
  }

  /** The outputs of a group that somebody asked for so far, by name. */
  outputsOf(group: InnerGroup): ReadonlyMap<string, GroupOutput> {
    return this.#outputs.get(group) ?? new Map<string, GroupOutput>();
  }

  /** The name of the input by which a value, or a field of it, comes into a group. */
  channelName(ref: RefObject, user: TracedGroup): string {
    return `pipelinechannel--${this.#fullName(ref, user)}`;
  }

  /** Where a task or group in a group takes a parameter from. */
  parameterSource(ref: RefObject, user: TracedGroup): TaskInputParameter {
    const { whole, fields } = wholeOf(ref);
    const selector = fields.map((field) => `[${JSON.stringify(field)}]`).join('');
    const found = this.#reach(whole, user);
    return {
      ...(found.kind === 'input'
        ? { componentInputParameter: found.name }
        : { taskOutputParameter: { producerTask: found.subtask, outputParameterKey: found.key } }),
      ...(selector !== '' && { parameterExpressionSelector: `parseJson(string_value)${selector}` }),
    };
  }

  /** Where a task or group in a group takes an artifact from. */
  artifactSource(ref: RefObject, user: TracedGroup): TaskInputArtifact {
    const found = this.#reach(ref, user);
    return found.kind === 'input'
      ? { componentInputArtifact: found.name }
      : { taskOutputArtifact: { producerTask: found.subtask, outputArtifactKey: found.key } };
  }

  /** The output of a task or group that holds a value, seen from a group that has it at hand. */
  producer(ref: RefObject, user: TracedGroup): Selector {
    const home = homeOf(ref);
    if (home === undefined) throw new Error('a value that no task gives');
    const shared = this.meeting(ref, user);
    if (shared === home) return this.#made(ref);
    const way = towards(shared, home);
    return { subtask: this.#names.of(way), key: this.#give(way, ref) };
  }

  /** The innermost group that holds both a value and its user: below it, the value must be handed down. */
  meeting(ref: RefObject, user: TracedGroup): TracedGroup {
    const home = homeOf(ref) ?? this.#root;
    const users = new Set(groupPath(user));
    const shared = groupPath(home).filter((group) => users.has(group));
    return shared.at(-1) ?? this.#root;
  }

  #reach(
    ref: RefObject,
    user: TracedGroup,
  ): { readonly kind: 'input'; readonly name: string } | ({ readonly kind: 'output' } & Selector) {
    const { source } = ref;
    const isGiven = source.kind === 'parameter' || source.kind === 'item';
    if (this.meeting(ref, user) !== user) return { kind: 'input', name: this.channelName(ref, user) };
    if (!isGiven) return { kind: 'output', ...this.producer(ref, user) };
    return { kind: 'input', name: source.kind === 'parameter' ? source.name : this.channelName(ref, user) };
  }

  #fullName(ref: RefObject, user: TracedGroup): string {
    const { source } = ref;
    switch (source.kind) {
      case 'parameter':
        return this.#unique(source.name, source);
      case 'item':
        return this.itemName(source.loop);
      case 'field':
        return `${this.#fullName(source.of, user)}-subvar-${source.name}`;
      default: {
        const { subtask, key } = this.producer(ref, user);
        return this.#unique(`${subtask}-${key}`, source);
      }
    }
  }

  /**
   * Keeps values apart whose names come out alike, such as the item of a loop over `sizes` and the output `item` of a
   * task `sizes-loop`. KFP takes one for the other.
   */
  #unique(name: string, source: RefSource): string {
    let known = this.#values.get(name);
    if (known === undefined) this.#values.set(name, (known = []));
    let index = known.findIndex((other) => isSame(other, source));
    if (index < 0) index = known.push(source) - 1;
    return index === 0 ? name : `${name}-${index + 1}`;
  }
  readonly #values = new Map<string, RefSource[]>();

  /** The name of a loop's item. */
  itemName(loop: LoopGroup): string {
    const known = this.#itemNames.get(loop);
    if (known !== undefined) return known;
    const { items } = loop;
    const wanted =
      items.kind === 'constant'
        ? `loop-item-param-${this.#names.itemNumber(loop)}`
        : `${this.#fullName(items.ref, loop.parent)}-loop-item`;
    // A loop in a loop over the same list: KFP calls both items alike, so that one hides the other.
    const around = groupPath(loop.parent).flatMap((group) =>
      group.kind === 'loop' ? [this.itemName(group)] : [],
    );
    let name = wanted;
    for (let count = 2; around.includes(name); count += 1) name = `${wanted}-${count}`;
    const unique = this.#unique(name, { kind: 'item', loop });
    this.#itemNames.set(loop, unique);
    return unique;
  }
  readonly #itemNames = new Map<LoopGroup, string>();

  /** The output of what makes a value, in the group where it is made. */
  #made(ref: RefObject): Selector {
    const { source } = ref;
    switch (source.kind) {
      case 'output':
        return { subtask: source.task.name, key: source.name };
      case 'oneOf':
        return { subtask: this.#names.of(source.branches), key: this.#giveChoice(ref) };
      case 'collected':
        return { subtask: this.#names.of(source.loop), key: this.#give(source.loop, ref) };
      default:
        throw new Error(`a ${source.kind} that no task gives`);
    }
  }

  /** Makes a value an output of a group around it, and of all the groups between. */
  #give(group: InnerGroup, ref: RefObject): string {
    let origin = ref;
    while (origin.source.kind === 'collected') origin = origin.source.of;
    const { subtask, key } = this.#made(origin);
    const name = `pipelinechannel--${subtask}-${key}`;
    const outputs = this.#outputsFor(group);
    if (!outputs.has(name)) {
      const home = homeOf(origin);
      const { type } = ref;
      if (home === undefined || type === undefined) throw new Error('a value that no task gives');
      if (home === group) outputs.set(name, { type, selectors: [{ subtask, key }] });
      else {
        const way = towards(group, home);
        outputs.set(name, { type, selectors: [{ subtask: this.#names.of(way), key: name }] });
        this.#give(way, { ...origin, type });
      }
    }
    return name;
  }

  #giveChoice(ref: RefObject): string {
    const { source, type } = ref;
    if (source.kind !== 'oneOf' || type === undefined) throw new Error('no choice of branches');
    const name = `pipelinechannel--${this.#names.of(source.branches)}-oneof-${source.index}`;
    const outputs = this.#outputsFor(source.branches);
    if (!outputs.has(name)) {
      const branches = source.branches.children.flatMap((child) => (child.kind === 'task' ? [] : [child]));
      const selectors = source.choices.flatMap((choice, index) => {
        const branch = branches[index];
        return branch === undefined
          ? []
          : [{ subtask: this.#names.of(branch), key: this.#give(branch, choice) }];
      });
      outputs.set(name, { type, selectors });
    }
    return name;
  }

  #outputsFor(group: InnerGroup): Map<string, GroupOutput> {
    let outputs = this.#outputs.get(group);
    if (outputs === undefined) this.#outputs.set(group, (outputs = new Map()));
    return outputs;
  }
}

/** Whether two Refs of one name are to one value. Items of loops side by side over one list count as one: nobody sees both. */
function isSame(one: RefSource, other: RefSource): boolean {
  switch (one.kind) {
    case 'parameter':
      return other.kind === 'parameter';
    case 'output':
      return other.kind === 'output' && other.task === one.task;
    case 'oneOf':
      return other.kind === 'oneOf' && other.branches === one.branches;
    case 'item':
      return other.kind === 'item';
    case 'collected':
      return other.kind === 'collected' && isSame(one.of.source, other.of.source);
    default:
      return false;
  }
}

/** The group in a group that holds another one, or is it. */
function towards(group: TracedGroup, inner: TracedGroup): InnerGroup {
  const path = groupPath(inner);
  const next = path[path.indexOf(group) + 1];
  if (next === undefined || next.kind === 'root') throw new Error('a group that holds nothing of another');
  return next;
}
