import { execFileSync } from 'node:child_process';
import { oraclePython } from '../counterparts.ts';

/** Runs a script in the Python that has the `onnx` package, which judges what is exported here. */
export function runOracle(script: string, ...args: readonly string[]): string {
  return execFileSync(oraclePython ?? '', ['-c', script, ...args], { encoding: 'utf8' });
}
