import { join } from 'node:path';
import type { AttemptPlaces } from '../../engine/ports.ts';
import type { ComponentSpec } from '../../spec/index.ts';
import { outputName } from './attempt-folder.ts';

/**
 * Names the places of an attempt.
 * @param base what comes before the name of each output artifact: a folder, or a URI
 * @param own the folder, on the machine that runs the attempt, for everything else
 */
export function placesBelow(base: string, own: string, component: ComponentSpec): AttemptPlaces {
  const definitions = component.outputDefinitions;
  return {
    folder: join(own, 'work'),
    outputs: {
      outputFile: join(own, 'executor-output.json'),
      parameters: Object.fromEntries(
        Object.keys(definitions?.parameters ?? {}).map((name) => [
          name,
          { outputFile: join(own, `parameter-${outputName(name, undefined)}`) },
        ]),
      ),
      artifacts: Object.fromEntries(
        Object.entries(definitions?.artifacts ?? {}).map(([name, { artifactType }]) => [
          name,
          {
            artifacts: [
              { name, type: artifactType, uri: `${base}/${outputName(name, artifactType)}`, metadata: {} },
            ],
          },
        ]),
      ),
    },
  };
}

/** Whether a record's URI is none that is relative to the root. */
export function isOutside(uri: string): boolean {
  return uri.startsWith('/') || /^[a-z][a-z0-9+.-]*:\/\//.test(uri);
}
