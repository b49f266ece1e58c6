/** The groups that a pipeline's function opens and closes while it runs. */
import type { GroupChild, InnerGroup, RootGroup, TracedGroup } from './traced-group.ts';

/** A group that is being made: when a chain of branches goes on, its first branch moves into them. */
export type Growing<G extends InnerGroup> = { -readonly [K in keyof G]: G[K] };

/** Keeps the group that takes what is made now. */
export class OpenGroups {
  readonly root: RootGroup;
  #current: TracedGroup;
  readonly #children = new WeakMap<TracedGroup, GroupChild[]>();

  constructor() {
    const children: GroupChild[] = [];
    this.root = { kind: 'root', children };
    this.#children.set(this.root, children);
    this.#current = this.root;
  }

  get current(): TracedGroup {
    return this.#current;
  }

  /** Adds a task or group to the group that is open. */
  add(child: GroupChild): void {
    this.#of(this.#current).push(child);
  }

  /** Makes a group without adding it anywhere: `make` gets the list that its children will be in. */
  make<G extends InnerGroup>(make: (children: readonly GroupChild[]) => G): G {
    const children: GroupChild[] = [];
    const group = make(children);
    this.#children.set(group, children);
    return group;
  }

  /** Runs work with a group open. */
  within<T>(group: TracedGroup, work: () => T): T {
    const before = this.#current;
    this.#current = group;
    try {
      return work();
    } finally {
      this.#current = before;
    }
  }

  /** Puts a child in the place of another one. */
  replace(group: TracedGroup, child: GroupChild, by: GroupChild): void {
    const children = this.#of(group);
    children.splice(children.indexOf(child), 1, by);
  }

  /** Takes a child out of its group. */
  remove(group: TracedGroup, child: GroupChild): void {
    const children = this.#of(group);
    children.splice(children.indexOf(child), 1);
  }

  #of(group: TracedGroup): GroupChild[] {
    const children = this.#children.get(group);
    if (children === undefined) throw new Error('a group of another pipeline');
    return children;
  }
}
