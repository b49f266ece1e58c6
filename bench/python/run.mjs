// What a Python component costs on this machine, and a loop of many, beside kfp.local.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kfpPython, report, takeTurns, timeProcess } from '../measure.mjs';

const root = join(fileURLToPath(import.meta.url), '..', '..', '..');
const python = kfpPython();
const program = join(root, 'bench', 'python', 'pipelines.py');
const folder = mkdtempSync(join(root, 'bench', '.python-'));
const rounds = Number(process.env.ROUNDS ?? 3);
const items = Number(process.env.ITEMS ?? 1000);

const env = { ...process.env, FERRULE_NO_BUILD: '1', FERRULE_PYTHON: python };
const run = (file) => {
  const command = [process.execPath, join(root, 'bin', 'ferrule.mjs'), 'run', join(folder, file)];
  const options = ['--root', join(folder, 'root'), '--json', '--no-cache'];
  return timeProcess([...command, ...options], { cwd: folder, env }).seconds;
};
const runTheirs = (kind, size) =>
  timeProcess([python, program, 'run', kind, String(size)], { cwd: folder }).seconds;

try {
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(
    join(folder, 'loop.ts'),
    `import { component, forEach, pipeline, int, type Int } from 'ferrule';
export const step = component({}, (i: { n: Int }): Int => i.n);
export default pipeline('loop', {}, () => {
  forEach([${Array.from({ length: items }, (_, n) => `int(${n})`).join(', ')}], (n) => step({ n }));
});
`,
  );
  const sizes = ['chain:3', 'chain:43', `loop:${items}`];
  execFileSync(python, [program, 'compile', folder, ...sizes], { stdio: 'inherit' });
  run('chain3.yaml');
  const chains = await takeTurns(
    {
      'kfp.local, 3 tasks': () => runTheirs('chain', 3),
      'ferrule, 3 tasks': () => run('chain3.yaml'),
      'kfp.local, 43 tasks': () => runTheirs('chain', 43),
      'ferrule, 43 tasks': () => run('chain43.yaml'),
    },
    rounds,
  );
  report('a chain of no-op Python tasks, whole process', chains, 'kfp.local, 43 tasks');
  const each = (name) =>
    ((chains[`${name}, 43 tasks`].median - chains[`${name}, 3 tasks`].median) / 40) * 1000;
  const [theirs, ours] = [each('kfp.local'), each('ferrule')];
  console.log(
    `  a task more: kfp.local ${theirs.toFixed(1)} ms, ferrule ${ours.toFixed(1)} ms: ${(ours / theirs).toFixed(2)} x`,
  );

  run('loop.ts');
  const loops = await takeTurns(
    {
      'kfp.local, Python items': () => runTheirs('loop', items),
      'ferrule, Python items': () => run(`loop${items}.yaml`),
      'ferrule, TypeScript items': () => run('loop.ts'),
    },
    Number(process.env.LOOP_ROUNDS ?? 1),
  );
  report(`a loop over ${items} no-op items, whole process`, loops, 'kfp.local, Python items');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
