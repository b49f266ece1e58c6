import { expect, it } from 'vitest';
import { localRunner } from '../../runners/local/index.ts';
import { attemptOf, keptLog } from './attempts.ts';
import { bundleFolder } from './components.ts';
it('runs', async () => {
  const bundles = await bundleFolder();
  const t0 = performance.now();
  const runner = localRunner({ bundles, env: process.env });
  const code = await bundles.add(
    `async ({a, b = 7}, out) => { console.log('hi', a); console.error('err'); process.stdout.write('open'); return a + b; }`,
  );
  const log = keptLog();
  const t1 = performance.now();
  const outcome = await runner.start(
    await attemptOf({ code, parameters: { a: 3 }, returns: { Output: 'NUMBER_INTEGER' } }),
    log,
  );
  const t2 = performance.now();
  expect(outcome).toEqual({ kind: 'succeeded', output: { parameterValues: { Output: 10 } } });
  expect(log.lines).toEqual(['hi 3', 'err', 'open']);
  const drafts = await Promise.all(
    Array.from({ length: 200 }, (_, i) =>
      attemptOf({ code, parameters: { a: i }, returns: { Output: 'NUMBER_INTEGER' } }),
    ),
  );
  const t3 = performance.now();
  for (const d of drafts) await runner.start(d, log);
  console.log('first', t2 - t1, 'warm', (performance.now() - t3) / 200);
  await runner.close();
});
