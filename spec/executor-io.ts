/** KFP's executor protocol: what a component is given, and what it gives back. */
import type { JsonValue } from './json.ts';
import type { ArtifactTypeSchema } from './pipeline-spec.ts';

/** What stands for `{{$}}` in a container's arguments. */
export interface ExecutorInput {
  readonly inputs: {
    readonly parameterValues?: Readonly<Record<string, JsonValue>>;
    readonly artifacts?: Readonly<Record<string, ArtifactList>>;
  };
  readonly outputs: {
    readonly parameters?: Readonly<Record<string, { readonly outputFile: string }>>;
    readonly artifacts?: Readonly<Record<string, ArtifactList>>;
    /** Where the executor output goes. */
    readonly outputFile: string;
  };
}

export interface ArtifactList {
  readonly artifacts: readonly RuntimeArtifact[];
}

/** An artifact as a running task sees it. */
export interface RuntimeArtifact {
  readonly name: string;
  readonly type?: ArtifactTypeSchema;
  /** A local path, `file://`, or a URI of an object store. */
  readonly uri: string;
  readonly metadata?: Readonly<Record<string, JsonValue>>;
  /** The path to use instead of the one that the URI stands for. */
  readonly customPath?: string;
}

/** What an executor writes to `outputs.outputFile`. */
export interface ExecutorOutput {
  readonly parameterValues?: Readonly<Record<string, JsonValue>>;
  readonly artifacts?: Readonly<Record<string, ArtifactList>>;
}
