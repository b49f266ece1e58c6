/** Turns the options of `run` and `plan` into what the engine is asked for. */
import type { CachingMode } from '../engine/events.ts';
import type { RunRequest } from '../engine/request.ts';
import { checkParameters } from '../spec/parameters.ts';
import { loadPipeline, type LoadedPipeline } from './load-pipeline.ts';
import { readParameters } from './parameters.ts';
import { newRunId } from './run-id.ts';
import type { Settings } from './settings.ts';

/** Options of `run` and `plan`. */
export interface PipelineOptions {
  readonly pipeline?: string;
  readonly param: readonly string[];
  readonly params?: string;
  /** False for --no-cache. */
  readonly cache: boolean;
  readonly refresh?: boolean;
  readonly only?: string;
  readonly from?: string;
  readonly name?: string;
}

export interface PreparedRun {
  readonly request: RunRequest;
  readonly loaded: LoadedPipeline;
}

/** Compiles, reads and checks everything that can be wrong before a run starts. */
export async function prepareRun(
  file: string,
  options: PipelineOptions,
  settings: Settings,
  concurrency: number,
): Promise<PreparedRun> {
  const loaded = await loadPipeline(file, settings, options.pipeline);
  const { compiled } = loaded;
  const given = await readParameters(compiled.spec, options);
  return {
    loaded,
    request: {
      compiled,
      parameters: checkParameters(compiled.spec, given),
      runId: newRunId(),
      caching: cachingOf(options),
      concurrency,
      ...(options.only !== undefined && { only: options.only }),
      ...(options.from !== undefined && { from: options.from }),
      ...(options.name !== undefined && { displayName: options.name }),
    },
  };
}

function cachingOf(options: PipelineOptions): CachingMode {
  if (!options.cache) return 'off';
  return options.refresh === true ? 'refresh' : 'on';
}
