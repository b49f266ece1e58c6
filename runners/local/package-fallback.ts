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
  module.register(`data:text/javascript,${encodeURIComponent(hooks)}`, { data: parents });
}

// Runs on the loader's own thread, so it can share nothing with this module.
const hooks = `
let parents = [];
export function initialize(data) { parents = data; }
export async function resolve(specifier, context, next) {
  try {
    return await next(specifier, context);
  } catch (thrown) {
    if (/^[./]|^[a-z]+:/.test(specifier)) throw thrown;
    for (const parentURL of parents) {
      try {
        return await next(specifier, { ...context, parentURL });
      } catch {}
    }
    throw thrown;
  }
}
`;
