import { UserError } from '../errors/index.ts';
import type { Artifact } from './artifacts.ts';
import type { Task, TaskOptions } from './task-options.ts';
import type { Ref } from './values.ts';

/** A value of an artifact's metadata: JSON, in which parameters and output parameters may stand. */
export type MetadataValue =
  | string
  | number
  | boolean
  | null
  | Ref<unknown>
  | readonly MetadataValue[]
  | { readonly [key: string]: MetadataValue };

export interface ImporterOptions {
  /**
   * Where the data lies: a whole location. One that is put together of parts is refused, since KFP's backend takes it
   * as it is written: make the location a parameter.
   */
  readonly uri: string | Ref<string>;
  /** What the artifact shall say of itself. */
  readonly metadata?: { readonly [key: string]: MetadataValue };
  /** Imports anew where KFP knows an artifact of this location already. @default false */
  readonly reimport?: boolean;
  /** Copies the content into the run's workspace; the pipeline must have one. @default false */
  readonly downloadToWorkspace?: boolean;
}

/** The task options that an importer can have: it runs no container. */
export type ImporterTaskOptions = Pick<TaskOptions, 'name' | 'displayName' | 'retry' | 'after'> & {
  /** `false` never caches. @default true */
  readonly cache?: boolean;
};

/**
 * Makes an artifact of data that lies outside: `importer<Dataset>({ uri: 'gs://bucket/images' }).outputs.artifact`.
 * The type argument says of what type it is. @default Artifact
 */
export function importer<T extends Artifact = Artifact>(
  options: ImporterOptions,
  task?: ImporterTaskOptions,
): Task<{ readonly artifact: Ref<T> }> {
  void task;
  throw new UserError('FER2026', {
    problem: `an importer of ${typeof options.uri === 'string' ? options.uri : 'a parameter'} was called outside a pipeline that is compiled`,
    fix: 'call it inside pipeline(..., () => { ... })',
  });
}
