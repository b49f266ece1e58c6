/** Gives tasks their names as KFP does. */
import { kebabCase } from '../../spec/index.ts';

/** The names of one pipeline's tasks. */
export class TaskNames {
  readonly #names = new Map<string, number>();

  /** Makes a name unique with `-2`, `-3`; an empty text where no letter or digit is left of it. */
  of(given: string): string {
    const base = kebabCase(given);
    const taken = this.#names.get(base);
    this.#names.set(base, (taken ?? 0) + 1);
    if (taken === undefined) return base;
    const name = `${base}-${taken + 1}`;
    // A task may have been called `train-2` outright.
    if (this.#names.has(name)) return this.of(given);
    this.#names.set(name, 1);
    return name;
  }
}
