/** The pipeline roots of a server, each opened once. */
import { Refusal } from '../failure.ts';
import type { ResolvedOptions } from '../options.ts';
import type { Bench } from '../parts.ts';

export interface Benches {
  /**
   * Tells where a run of a namespace is to be.
   * @param wanted what the request names for itself
   * @throws Refusal for a root that the server was not told to allow
   */
  rootFor(namespace: string, wanted: string): string;
  open(root: string): Promise<Bench>;
  close(): Promise<void>;
}

export function openBenches(open: (root: string) => Promise<Bench>, options: ResolvedOptions): Benches {
  const opened = new Map<string, Promise<Bench>>();
  return {
    rootFor(namespace, wanted) {
      const own = options.root.replace(/\/+$/, '');
      if (wanted === '') return namespace === '' ? own : `${own}/namespaces/${namespace}`;
      const normal = wanted.replace(/\/+$/, '');
      const allowed = options.allowedRoots.some((prefix) => isUnder(normal, prefix.replace(/\/+$/, '')));
      if (allowed) return normal;
      throw new Refusal(
        'invalid',
        `the pipeline root "${wanted}" is none that this server allows: leave it out, or start the server with --allow-root ${normal}`,
      );
    },
    open(root) {
      const known = opened.get(root);
      if (known !== undefined) return known;
      const bench = open(root);
      opened.set(root, bench);
      // A bucket that does not answer now is asked again by the next run.
      bench.catch(() => opened.delete(root));
      return bench;
    },
    async close() {
      for (const bench of opened.values()) await bench.then((one) => one.close()).catch(() => undefined);
    },
  };
}

/** Whether a root is a place, or lies in it: whole names count, and `..` leads nowhere. */
function isUnder(root: string, prefix: string): boolean {
  return (root === prefix || root.startsWith(`${prefix}/`)) && !root.split('/').includes('..');
}
