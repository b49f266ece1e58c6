import { configDefaults, defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

/** The tests that work with a Docker engine, a registry or a cluster. Elsewhere they are skipped. */
const servers = [
  'test/cli/docker*.test.ts',
  'test/deployed/*.test.ts',
  'test/end-to-end/*.test.ts',
  'test/images/*.test.ts',
  'test/launcher/buckets.test.ts',
  'test/runners/docker-*.test.ts',
  'test/runners/kubernetes-*.test.ts',
];

/** Those that stop parts of the cluster: they run one file at a time, after all others, which would lose theirs. */
const outages = [
  'test/cluster/*.test.ts',
  'test/runners/kubernetes-chaos.test.ts',
  'test/end-to-end/kubernetes-kill.test.ts',
];

function project(test: TestProjectInlineConfiguration['test']): TestProjectInlineConfiguration {
  return {
    resolve: { conditions: ['ferrule-source'] },
    ssr: { resolve: { conditions: ['ferrule-source'], externalConditions: ['ferrule-source'] } },
    test: {
      testTimeout: 60_000,
      hookTimeout: 120_000,
      pool: 'forks',
      // The compiler's trace modules are loaded by Node itself: stack positions in them must be the file's own.
      server: { deps: { external: [/\/trace\/[\da-f]+\.mjs/] } },
      ...test,
    },
  };
}

export default defineConfig({
  test: {
    // Here and not in a project, or each of them would build and say what is skipped.
    globalSetup: ['test/global-setup.ts'],
    projects: [
      project({
        name: 'tests',
        include: ['test/**/*.test.ts'],
        exclude: [...configDefaults.exclude, ...servers, ...outages],
        maxWorkers: 2,
        sequence: { groupOrder: 0 },
      }),
      project({
        name: 'servers',
        include: servers,
        exclude: [...configDefaults.exclude, ...outages],
        maxWorkers: 2,
        sequence: { groupOrder: 1 },
      }),
      project({ name: 'outages', include: outages, maxWorkers: 1, sequence: { groupOrder: 2 } }),
    ],
  },
});
