/** Works out the inputs of a pipeline's groups: what their tasks, conditions and loops take from outside. */
import { refsOfCondition } from '../trace/flow/condition.ts';
import { wholeOf, type RefObject } from '../trace/ref.ts';
import { refsOfTask } from '../trace/task-refs.ts';
import { groupPath, type InnerGroup, type LoopGroup, type TracedGroup } from '../trace/flow/traced-group.ts';
import type { TracedTask } from '../trace/traced-task.ts';
import type { Channels } from './channels.ts';

/** By group, the values that come into it, by the names of its inputs. A loop's item is not among them. */
export type GroupInputs = ReadonlyMap<InnerGroup, ReadonlyMap<string, RefObject>>;

/** Reads a pipeline's tree. Afterwards `channels` knows all outputs of groups too. */
export function groupInputs(
  root: TracedGroup,
  exitTasks: readonly TracedTask[],
  channels: Channels,
): GroupInputs {
  const finder = new InputFinder(channels);
  finder.visit(root, []);
  for (const task of exitTasks) finder.use(refsOfTask(task), root);
  finder.addChains();
  return finder.inputs;
}

class InputFinder {
  readonly inputs = new Map<InnerGroup, Map<string, RefObject>>();
  readonly #channels: Channels;
  /** Items of loops that are used, and where: KFP hands down more for them than what is needed. */
  readonly #items: { readonly ref: RefObject; readonly user: TracedGroup }[] = [];

  constructor(channels: Channels) {
    this.#channels = channels;
  }

  /** `deciding` are the Refs of the conditions around: KFP hands them down to every group in a branch. */
  visit(group: TracedGroup, deciding: readonly RefObject[]): void {
    this.use(deciding, group);
    for (const child of group.children) {
      if (child.kind === 'task') {
        this.use(refsOfTask(child), group);
        continue;
      }
      let inside = deciding;
      if (child.kind === 'condition') {
        const own = child.conditions.flatMap(refsOfCondition);
        this.use(own, child);
        for (const ref of own) if (ref.source.kind === 'field') this.#add(child, ref);
        inside = [...deciding, ...own];
      }
      if (child.kind === 'loop' && child.items.kind === 'ref') {
        this.use([child.items.ref], group);
        this.#add(child, child.items.ref);
      }
      this.visit(child, inside);
    }
  }

  /** Hands values down to the group that uses them. */
  use(refs: readonly RefObject[], user: TracedGroup): void {
    for (const ref of refs) {
      const { whole } = wholeOf(ref);
      if (whole.source.kind === 'item') this.#items.push({ ref, user });
      const top = this.#channels.meeting(whole, user);
      if (top === user) {
        if (!['parameter', 'item', 'broken'].includes(whole.source.kind))
          this.#channels.producer(whole, user);
        continue;
      }
      const name = this.#channels.channelName(whole, user);
      for (let at = user; at !== top && at.kind !== 'root'; at = at.parent) {
        const inputs = this.#of(at);
        if (inputs.has(name)) break;
        inputs.set(name, whole);
      }
    }
  }

  /**
   * Adds what KFP hands down besides: for the item of a loop over a part of another loop's item, the values that lead to
   * it, one a loop. Nothing reads them there.
   */
  addChains(): void {
    for (const { ref, user } of this.#items) {
      const chain = chainOf(ref);
      const last = chain.at(-1);
      // Of a constant list there is nothing to hand down.
      if (last === undefined || last.source.kind === 'item') continue;
      const path = groupPath(user);
      for (const loop of path.slice(path.indexOf(this.#channels.meeting(last, user)) + 1)) {
        const top = chain.at(-1);
        if (loop.kind !== 'loop') continue;
        if (top === undefined) break;
        this.#addIfAtHand(loop, top);
        if (leadsTo(top, loop)) chain.pop();
      }
    }
  }

  #addIfAtHand(loop: LoopGroup, ref: RefObject): void {
    const { whole } = wholeOf(ref);
    if (whole.source.kind === 'item' && whole.source.loop === loop) return;
    const parent = loop.parent;
    const isAtHand =
      this.#channels.meeting(whole, parent) === parent ||
      (parent.kind !== 'root' && this.#of(parent).has(this.#channels.channelName(whole, parent)));
    if (isAtHand) this.#add(loop, ref);
  }

  #add(group: InnerGroup, ref: RefObject): void {
    this.#of(group).set(this.#channels.channelName(ref, group), ref);
  }

  #of(group: InnerGroup): Map<string, RefObject> {
    let inputs = this.inputs.get(group);
    if (inputs === undefined) this.inputs.set(group, (inputs = new Map()));
    return inputs;
  }
}

/** A Ref, and what leads to it: the value it is a field of, the list it is an item of, and so on. */
function chainOf(ref: RefObject): RefObject[] {
  const chain = [ref];
  for (let at: RefObject | undefined = ref; at !== undefined;) {
    const { source }: RefObject = at;
    if (source.kind === 'field') at = source.of;
    else if (source.kind === 'item' && source.loop.items.kind === 'ref') at = source.loop.items.ref;
    else break;
    chain.push(at);
  }
  return chain;
}

/** Whether a value is a loop's item, or leads to it. */
function leadsTo(ref: RefObject, loop: LoopGroup): boolean {
  if (ref.source.kind === 'item' && ref.source.loop === loop) return true;
  return loop.items.kind === 'ref' && chainOf(loop.items.ref).includes(ref);
}
