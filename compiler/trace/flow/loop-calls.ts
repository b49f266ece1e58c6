/** Traces `forEach`. */
import type { Location } from '../../../errors/index.ts';
import type { JsonValue } from '../../../spec/index.ts';
import type { PortType } from '../../interfaces/component-interface.ts';
import { typeText } from '../../interfaces/value-type.ts';
import { readGroupOptions, runInGroup, type FlowSurroundings } from './flow-group.ts';
import { gatheringOf, remember } from './gatherings.ts';
import { constantOf, typeOfAll } from './item-type.ts';
import { refOf, refText, type RefObject } from '../ref.ts';
import { scopeFault } from './scope.ts';
import { holdsRef } from '../template.ts';
import type { LoopGroup, LoopItems } from './traced-group.ts';

export class LoopCalls {
  readonly #to: FlowSurroundings;

  constructor(to: FlowSurroundings) {
    this.#to = to;
  }

  forEach(items: unknown, body: unknown, options: unknown): object {
    const { groups, context } = this.#to;
    const place = context.callPlace();
    const found = this.#items(items, place);
    const { parallelism, ...common } = readGroupOptions(this.#to, options, place, true);
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
    const returned = runInGroup(this.#to, group, 'forEach', body, [item]);
    const handle = Object.freeze({});
    remember(handle, { kind: 'loop', group, returned });
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
    const fact = values === undefined ? undefined : runFactIn(values);
    if (fact !== undefined)
      return fault(
        `an item of forEach() holds ${fact}, which is filled in nowhere: tasks would get it as it is written`,
        'give it to the tasks in the loop, as an input of their own',
      );
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
    const isShort = typeof items === 'number' || typeof items === 'boolean' || items === undefined;
    return isShort ? String(items) : typeof items === 'string' ? 'a text' : 'something else';
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
}

/** Finds a placeholder of the run in a constant. */
function runFactIn(value: JsonValue): string | undefined {
  if (typeof value === 'string') return /\{\{\$\.[a-z_.]+\}\}/.exec(value)?.[0];
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.values(value).map(runFactIn).find(Boolean);
}

function holdsRefInside(value: unknown): boolean {
  if (typeof value === 'string') return holdsRef(value);
  if (refOf(value) !== undefined) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsRefInside);
}
