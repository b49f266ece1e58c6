/** Lowers an importer. */
import type { ImporterSpec } from '../../spec/index.ts';
import type { ImporterSettings } from '../trace/steps/importer-task.ts';

/** Writes an importer's executor. A location that a run is given is the input `uri`. */
export function importerSpec(settings: ImporterSettings): ImporterSpec {
  const { uri, type, metadata, reimport, downloadToWorkspace } = settings;
  return {
    artifactUri: typeof uri === 'string' ? { constant: uri } : { runtimeParameter: uri.input },
    typeSchema: { schemaTitle: type.title, schemaVersion: type.version },
    ...(Object.keys(metadata).length > 0 && { metadata }),
    ...(reimport && { reimport }),
    ...(downloadToWorkspace && { downloadToWorkspace }),
  };
}
