/** Gets the description of a sweep and its pipeline from what was named on the command line. */
import { existsSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import { UserError } from '../../errors/index.ts';
import { readSweepFile, type ReadSweep, type SweepDescription } from '../../sweep/index.ts';
import { loadPipeline, type LoadedPipeline } from '../load-pipeline.ts';
import { readText } from '../read-text.ts';
import type { Settings } from '../settings.ts';

export interface LoadedSweep {
  readonly description: Partial<SweepDescription>;
  readonly placeOf: ReadSweep['placeOf'];
  readonly loaded: LoadedPipeline;
}

/** Reads a description and the pipeline that it names, or a pipeline alone. */
export async function loadSweep(
  file: string,
  name: string | undefined,
  settings: Settings,
): Promise<LoadedSweep> {
  const written = await descriptionIn(file);
  if (written === undefined) {
    const loaded = await loadPipeline(file, settings, name);
    return { description: {}, placeOf: () => undefined, loaded };
  }
  const { description, placeOf } = written;
  if (description.pipeline === undefined)
    throw new UserError('FER9101', {
      problem: `the sweep ${file} names no pipeline`,
      fix: 'write "pipeline: pipeline.ts": the path starts at the folder of the sweep',
      at: { file },
    });
  const isPlace = /^[a-z]+:\/\//.test(description.pipeline);
  const place = isPlace ? description.pipeline : resolve(dirname(file), description.pipeline);
  if (!isPlace && !existsSync(place)) {
    const at = placeOf(['pipeline']);
    throw new UserError('FER9101', {
      problem: `the sweep ${file} names the pipeline "${description.pipeline}", and there is no file ${place}`,
      fix: 'write its path from the folder of the sweep',
      ...(at !== undefined && { at }),
    });
  }
  return { description, placeOf, loaded: await loadPipeline(place, settings, name) };
}

/** Reads a file as the description of a sweep; undefined where it is a pipeline. */
async function descriptionIn(file: string): Promise<ReadSweep | undefined> {
  if (/^(https?|kfp):\/\//.test(file) || !['.yaml', '.yml', '.json'].includes(extname(file)))
    return undefined;
  const text = await readText(file);
  // A compiled pipeline says so at its top level.
  if (/^\s*"?(pipelineInfo|deploymentSpec|schemaVersion|apiVersion)"?\s*:/m.test(text)) return undefined;
  return readSweepFile(text, file);
}
