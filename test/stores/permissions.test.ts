import { spawnSync } from 'node:child_process';
import { chmod, chown, copyFile, link, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './root-folder.ts';

/** Root may read and write everything: what is tested here is done by nobody. */
const nobody = 65_534;
const isRoot = process.getuid?.() === 0;

describe('what may not be read or written', () => {
  it('is named: an output, a root, a folder of runs', async () => {
    const folder = await temporaryFolder();
    const program = join(folder, 'program.mjs');
    await build({
      stdin: {
        contents: `import { chmodSync, writeFileSync } from 'node:fs';
          import { openRoot } from '../../stores/root.ts';
          const codeOf = (work) => work().then(() => 'nothing', (error) => [error.code, error.problem].join(': '));
          const root = await openRoot(process.argv[2]);
          const attempt = { runId: 'r', task: 'make', number: 1 };
          const component = { outputDefinitions: { artifacts: { data: { artifactType: { schemaTitle: 'system.Dataset' } } } } };
          const places = await root.artifacts.prepare(attempt, component);
          const path = places.outputs.artifacts.data.artifacts[0].uri;
          writeFileSync(path, 'x');
          chmodSync(path, 0);
          const unreadable = await codeOf(() => root.artifacts.seal(attempt, component, {}, { strict: true }));
          chmodSync(process.argv[2] + '/runs', 0o500);
          const locked = await codeOf(() => root.runs.create('other', {}));
          const closed = await codeOf(() => openRoot(process.argv[3] + '/below'));
          const left = (await root.artifacts.result(attempt)) === undefined;
          console.log(JSON.stringify({ unreadable, locked, closed, left }));`,
        resolveDir: import.meta.dirname,
        loader: 'ts',
      },
      outfile: program,
      bundle: true,
      format: 'esm',
      platform: 'node',
      logLevel: 'silent',
    });
    const own = join(folder, 'root');
    const closed = join(folder, 'closed');
    for (const path of [own, closed]) await mkdir(path);
    if (isRoot) await chown(own, nobody, nobody);
    await chmod(closed, 0o500);
    await chmod(folder, 0o755);
    const identity = isRoot ? { uid: nobody, gid: nobody } : {};
    // Node.js itself may lie where only root can reach it.
    const node = join(folder, 'node');
    await link(process.execPath, node).catch(() => copyFile(process.execPath, node));
    const { stdout, stderr } = spawnSync(node, [program, own, closed], {
      encoding: 'utf8',
      ...identity,
    });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      unreadable: expect.stringMatching(
        /^FER5004: EACCES: .* '.*\/make\/1\/data', while keeping the outputs of make$/,
      ),
      locked: expect.stringMatching(/^FER5004: EACCES: .*, while writing runs\/other\/spec.json$/),
      closed: expect.stringMatching(/^FER5004: EACCES: .*, while opening the root .*\/closed\/below$/),
      left: true,
    });
  });
});
