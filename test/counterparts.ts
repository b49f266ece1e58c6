/** The programs that Ferrule is held against in tests. Where one is absent its tests are skipped, but never in CI. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { noSmallDisk } from './stores/small-disk.ts';

interface Counterpart {
  /** What its tests are about: begins the line that says they are skipped. */
  readonly tests: string;
  /** What to do to have them run. */
  readonly wanted: string;
  /** How to call it; undefined where it is absent. */
  readonly program: string | undefined;
}

/** A program named by an environment variable. */
function named(variable: string): string | undefined {
  const path = process.env[variable];
  return path !== undefined && existsSync(path) ? path : undefined;
}

/** The Python that has KFP's SDK. */
export const kfpPython = named('FERRULE_KFP_PYTHON');
/** The Python that has onnx, onnxruntime, numpy and scikit-learn. */
export const oraclePython = named('FERRULE_ORACLE_PYTHON');
/** A server that speaks Google Cloud Storage. */
export const fakeGcs = named('FERRULE_FAKE_GCS');
/** util-linux's `script`, which gives a program a terminal; that of other systems takes other options. */
export const script = spawnSync('script', ['--version']).status === 0 ? 'script' : undefined;

const counterparts: readonly Counterpart[] = [
  {
    tests: 'twins in Python, and PyYAML',
    wanted: 'FERRULE_KFP_PYTHON names a Python with kfp==2.17.0 and kfp-kubernetes==2.17.0',
    program: kfpPython,
  },
  {
    tests: "onnx.checker, and scikit-learn's figures",
    wanted: 'FERRULE_ORACLE_PYTHON names a Python with onnx, onnxruntime, numpy and scikit-learn',
    program: oraclePython,
  },
  { tests: 'buckets', wanted: 'FERRULE_FAKE_GCS names the program fake-gcs-server', program: fakeGcs },
  { tests: 'a full disk', wanted: 'the system is Linux', program: noSmallDisk ? undefined : 'linux' },
  { tests: 'the live view', wanted: "util-linux's `script` is installed", program: script },
];

/**
 * Says in one line each what is skipped here, and what would have it run.
 * @throws Error in CI, where nothing may be skipped
 */
export function sayWhatIsSkipped(): void {
  const lines = counterparts
    .filter(({ program }) => program === undefined)
    .map(({ tests, wanted }) => `skipped: ${tests}; they run where ${wanted}`);
  if (lines.length > 0 && process.env['CI'] === 'true') throw new Error(lines.join('\n'));
  for (const line of lines) console.log(line);
}
