import { sayWhatIsSkipped } from './counterparts.ts';

/** Builds dist/ once before the tests: workers, executors and the command line are run from it. */
export default async function setup(): Promise<void> {
  const { build, isStale } = (await import(new URL('../bin/build.mjs', import.meta.url).href)) as {
    build: () => Promise<void>;
    isStale: () => boolean;
  };
  if (isStale()) await build();
  sayWhatIsSkipped();
}
