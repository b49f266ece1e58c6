#!/usr/bin/env node
import { existsSync } from 'node:fs';

// Only a checkout has the build script: there, dist/ follows the sources by itself.
const script = new URL('./build.mjs', import.meta.url);
if (existsSync(script) && process.env.FERRULE_NO_BUILD === undefined) {
  const { build, isStale } = await import(script.href);
  if (isStale()) await build();
}
await import('../dist/cli/main.js');
