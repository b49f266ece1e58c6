import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openRoot, type Root } from '../../stores/index.ts';
import type { ComponentSpec } from '../../spec/index.ts';

/** Makes a folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ferrule-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Opens a fresh root in a temporary folder. */
export async function freshRoot(): Promise<Root> {
  return openRoot(join(await temporaryFolder(), 'root'));
}

/** A component with output artifacts: name to schema title. */
export function componentWriting(outputs: Readonly<Record<string, string>>): ComponentSpec {
  return {
    executorLabel: 'exec',
    outputDefinitions: {
      artifacts: Object.fromEntries(
        Object.entries(outputs).map(([name, schemaTitle]) => [name, { artifactType: { schemaTitle } }]),
      ),
    },
  };
}
