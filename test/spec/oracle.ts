/** KFP's SDK as the judge of documents: it compiles pipelines in Python, and says whether documents are the same messages. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { kfpPython } from '../counterparts.ts';

function run(script: string, input: unknown): unknown {
  const output = execFileSync(kfpPython ?? '', [path.join(import.meta.dirname, script)], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'],
    maxBuffer: 2 ** 28,
  });
  return JSON.parse(output);
}

/**
 * Compiles pipelines in Python, each the `twin` of its file.
 * @param pipelines files by name
 * @returns the folder of the documents, `<name>.yaml`, and the errors of those that do not compile
 */
export function compileInPython(pipelines: Readonly<Record<string, string>>): {
  readonly folder: string;
  readonly errors: Readonly<Record<string, string>>;
} {
  const folder = mkdtempSync(path.join(tmpdir(), 'ferrule-python-'));
  const errors = run('compile-python.py', { pipelines, folder }) as Record<string, string>;
  return { folder, errors };
}

/** Compares pairs of documents as messages: one text a pair, empty where they are the same. */
export function differencesOf(pairs: readonly (readonly [string, string])[]): readonly string[] {
  return run('equal-messages.py', pairs) as string[];
}
