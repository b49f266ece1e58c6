import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { kfpPython } from '../counterparts.ts';

const program = `
import sys
from kfp import compiler
for source, output in zip(sys.argv[1::2], sys.argv[2::2]):
    scope = {}
    exec(compile(open(source).read(), source, 'exec'), scope)
    compiler.Compiler().compile(scope['main'], output)
`;

/**
 * Compiles pipelines with KFP's own compiler: in each file the one that is called main.
 * @param files by the Python file, the document to write
 */
export async function compilePython(files: Readonly<Record<string, string>>): Promise<void> {
  const args = ['-W', 'ignore', '-c', program, ...Object.entries(files).flat()];
  await promisify(execFile)(kfpPython ?? '', args);
}
