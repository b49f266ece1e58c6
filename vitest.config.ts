import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['ferrule-source'] },
  ssr: { resolve: { conditions: ['ferrule-source'], externalConditions: ['ferrule-source'] } },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
    // The compiler's trace modules are loaded by Node itself: stack positions in them must be the file's own.
    server: { deps: { external: [/\/trace\/[\da-f]+\.mjs/] } },
  },
});
