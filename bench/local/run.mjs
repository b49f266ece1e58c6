// What a no-op task costs on this machine, beside kfp.local, and what a cached task costs.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kfpPython, report, takeTurns, timeProcess } from '../measure.mjs';

const root = join(fileURLToPath(import.meta.url), '..', '..', '..');
const python = kfpPython();
const folder = mkdtempSync(join(root, 'bench', '.local-'));
const rounds = Number(process.env.ROUNDS ?? 3);

function writeChain(length) {
  const file = join(folder, `chain${length}.ts`);
  writeFileSync(
    file,
    `import { component, pipeline, int, type Int } from 'ferrule';
export const step = component({}, (i: { n: Int }): Int => i.n);
export default pipeline('chain', { n: int(1) }, ({ n }) => {
  let last = step({ n });
  for (let i = 1; i < ${length}; i += 1) last = step({ n: last.outputs.Output });
});
`,
  );
  return file;
}

const run = (file, ...options) => {
  const program = [
    process.execPath,
    join(root, 'bin', 'ferrule.mjs'),
    'run',
    file,
    '--root',
    join(folder, 'root'),
    '--json',
    ...options,
  ];
  return timeProcess(program, { cwd: folder, env: { ...process.env, FERRULE_NO_BUILD: '1' } }).seconds;
};
const runTheirs = (length) =>
  timeProcess([python, join(root, 'bench', 'local', 'chain.py'), String(length)], { cwd: folder }).seconds;

try {
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const [short, long] = [writeChain(3), writeChain(23)];
  run(short, '--no-cache');
  run(long, '--no-cache');
  const whole = await takeTurns(
    {
      'kfp.local, 3 tasks': () => runTheirs(3),
      'ferrule, 3 tasks': () => run(short, '--no-cache'),
      'kfp.local, 23 tasks': () => runTheirs(23),
      'ferrule, 23 tasks': () => run(long, '--no-cache'),
    },
    rounds,
  );
  report('a chain of no-op tasks, whole process', whole, 'kfp.local, 23 tasks');
  const each = (name) => ((whole[`${name}, 23 tasks`].median - whole[`${name}, 3 tasks`].median) / 20) * 1000;
  const [theirs, ours] = [each('kfp.local'), each('ferrule')];
  console.log(
    `  a task more: kfp.local ${theirs.toFixed(1)} ms, ferrule ${ours.toFixed(1)} ms: ${(ours / theirs).toFixed(2)} x`,
  );

  const thousand = writeChain(1000);
  run(thousand);
  const tiny = writeChain(1);
  run(tiny);
  const cached = await takeTurns({ one: () => run(tiny), thousand: () => run(thousand) }, rounds);
  report('cached runs, whole process', cached, 'one');
  console.log(
    `  a cached task: ${(((cached.thousand.median - cached.one.median) / 999) * 1000).toFixed(2)} ms`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
