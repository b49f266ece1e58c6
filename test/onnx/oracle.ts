import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** A Python with the `onnx` package, which judges what is exported here; or why there is none. */
export type Oracle =
  | { readonly kind: 'present'; run(script: string, ...args: readonly string[]): string }
  | { readonly kind: 'absent'; readonly reason: string };

/**
 * Finds the Python that FERRULE_ORACLE_PYTHON names.
 * @throws Error where it is absent in CI: there nothing may be skipped
 */
export function findOracle(): Oracle {
  const python = process.env['FERRULE_ORACLE_PYTHON'];
  const reason =
    python === undefined
      ? 'FERRULE_ORACLE_PYTHON names no Python'
      : `there is no ${python} (FERRULE_ORACLE_PYTHON)`;
  if (python !== undefined && existsSync(python))
    return {
      kind: 'present',
      run: (script, ...args) => execFileSync(python, ['-c', script, ...args], { encoding: 'utf8' }),
    };
  if (process.env['CI'] === 'true') throw new Error(reason);
  return { kind: 'absent', reason };
}
