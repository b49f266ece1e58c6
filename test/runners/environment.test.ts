import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ownEnvironment } from '../../executor/own-environment.ts';
import { baseEnvironment, passedOn } from '../../runners/local/environment.ts';

const identity = {
  function: 'f',
  code: `sha256:${'0'.repeat(64)}`,
  reads: [],
  vary: [],
  isolate: false,
} as const;

it('the page on the local runner names every variable that is passed on', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/local-runner.md'), 'utf8');
  const unnamed = passedOn.filter(
    (name) => !page.includes(`\`${name}\``) && !page.includes(`\`${name.toUpperCase()}\``),
  );
  expect(unnamed).toEqual([]);
});

it('a task gets what is passed on, and one time zone and language', () => {
  const env = {
    PATH: '/bin',
    TZ: 'Asia/Tokyo',
    LANG: 'de_DE.UTF-8',
    GITHUB_TOKEN: 'x',
    NODE_OPTIONS: '--inspect',
  };
  expect(baseEnvironment(env)).toEqual({ PATH: '/bin', TZ: 'UTC', LANG: 'C.UTF-8' });
});

it('a declared variable that bears the name of a secret does not hide the secret', () => {
  const container = { env: [{ name: 'A', value: 'declared' }, { name: 'EMPTY' }] };
  const own = ownEnvironment(container, { ...identity, secretEnv: ['A'] }, { A: 'hidden' });
  expect(own).toEqual({ env: { A: 'hidden', EMPTY: '' }, secrets: ['hidden'] });
});

it('all secrets that are not set are told at once', () => {
  const secretEnv = ['A', 'B', 'C'];
  expect(() => ownEnvironment({}, { ...identity, secretEnv }, { A: '', B: 'set' })).toThrow(
    'needs the secrets A, C',
  );
});
