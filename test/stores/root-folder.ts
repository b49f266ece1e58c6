import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRoot, type Root } from '../../stores/index.ts';
import type { ComponentSpec } from '../../spec/index.ts';

/** Opens a fresh root in a temporary folder. */
export async function freshRoot(): Promise<Root> {
  return openRoot(await mkdtemp(join(tmpdir(), 'ferrule-root-')));
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
