/** Finds the packages that a bundle leaves out, where the bundle does not lie below the project that has them. */
import module from 'node:module';
import { pathToFileURL } from 'node:url';

let added = false;

/**
 * Lets imports of packages that are not found around a bundle be looked up from other folders, in order. Takes
 * effect once in a process.
 */
export function addPackages(folders: readonly string[]): void {
  if (added || folders.length === 0) return;
  added = true;
  const parents = folders.map((folder) => pathToFileURL(`${folder}/`).href);
  const { registerHooks } = module as typeof module & HooksInThread;
  if (registerHooks === undefined)
    module.register(`data:text/javascript,${encodeURIComponent(hooks)}`, { data: parents });
  else registerHooks({ resolve: (specifier, context, next) => lookUp(parents, specifier, context, next) });
}

interface ResolveContext {
  readonly parentURL?: string | undefined;
}

type Resolve<Result> = (specifier: string, context: ResolveContext) => Result;

/** From Node.js 22.15 on, hooks need no thread of their own. */
interface HooksInThread {
  readonly registerHooks?: (hooks: {
    resolve: (specifier: string, context: ResolveContext, next: Resolve<unknown>) => unknown;
  }) => void;
}

function lookUp(
  parents: readonly string[],
  specifier: string,
  context: ResolveContext,
  next: Resolve<unknown>,
): unknown {
  try {
    return next(specifier, context);
  } catch (thrown) {
    if (!isPackage.test(specifier)) throw thrown;
    for (const parentURL of parents) {
      try {
        return next(specifier, { ...context, parentURL });
      } catch {
        // The next folder may have it.
      }
    }
    throw thrown;
  }
}

/** Neither a path nor a URL. */
const isPackage = /^(?![./]|[a-z]+:)/;

// The same for older versions, on the thread that they run hooks on: it can share nothing with this module.
const hooks = `
let parents = [];
export function initialize(data) { parents = data; }
export async function resolve(specifier, context, next) {
  try {
    return await next(specifier, context);
  } catch (thrown) {
    if (!${isPackage}.test(specifier)) throw thrown;
    for (const parentURL of parents) {
      try {
        return await next(specifier, { ...context, parentURL });
      } catch {}
    }
    throw thrown;
  }
}
`;
