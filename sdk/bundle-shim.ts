/**
 * What `import ... from 'ferrule'` stands for inside a component's bundle: the least that a body needs. Keep it small
 * and still: it is part of every bundle, so a change here is a change of every component's code digest.
 */
export { TaskError } from '../errors/task-error.ts';

/** Keeps a component's body; whoever runs the bundle calls it. */
export function component<Body>(
  options: unknown,
  body: Body,
): { readonly options: unknown; readonly body: Body } {
  return { options, body };
}

/** Finds an asset beside the bundle, by its base name. */
export function asset(path: string): string {
  const name = path.split('/').pop() ?? path;
  return decodeURIComponent(new URL(`./assets/${name}`, import.meta.url).pathname);
}

export function int(value: number): number {
  return value;
}

/** A pipeline in the same file has no part in a component's bundle. */
export function pipeline(): undefined {
  return undefined;
}

export function required(): undefined {
  return undefined;
}

export function optional(): undefined {
  return undefined;
}

/** Control flow is a matter of pipelines too. */
function none(): undefined {
  return undefined;
}

export function artifact(): never {
  throw new Error('artifact() is for running a component alone, in a test');
}

/** Other steps in the same file have no part in a component's bundle either. */
export function container(): undefined {
  return undefined;
}

export function loadComponent(): undefined {
  return undefined;
}

export function importer(): undefined {
  return undefined;
}

export function createPvc(): undefined {
  return undefined;
}

export function deletePvc(): undefined {
  return undefined;
}

export { concat, executorInput, ifPresent } from './placeholder.ts';
export { run } from './run-facts.ts';

export {
  none as and,
  none as collect,
  none as eq,
  none as forEach,
  none as gt,
  none as gte,
  none as lt,
  none as lte,
  none as ne,
  none as not,
  none as onExit,
  none as oneOf,
  none as or,
  none as when,
};
