/**
 * The cache key: everything that makes two executions of a task the same computation, as a typed struct. A change of
 * what it holds or means must raise `fingerprintVersion`, which makes every earlier entry a miss.
 */
import {
  digestOfJson,
  type ArtifactTypeSchema,
  type Digest,
  type JsonValue,
  type ParameterType,
} from '../../spec/index.ts';

/** Version of the struct and of how its fields are made. */
export const fingerprintVersion = 1;

export interface FingerprintFields {
  readonly version: number;
  readonly code: CodeFields;
  /** Environment variables the container declares, by name. */
  readonly env: Readonly<Record<string, string>>;
  /** Names of secret variables: which ones, never their values. */
  readonly secretEnv: readonly string[];
  /** Parameters by name, defaults filled in. */
  readonly parameters: Readonly<Record<string, JsonValue>>;
  /** Input artifacts by name: type, content and user metadata; never name, URI or producer. */
  readonly artifacts: Readonly<Record<string, readonly ArtifactFields[]>>;
  /** What lies at the locations that the component reads by itself, by the parameter that names the location. */
  readonly outside: Readonly<Record<string, Digest>>;
  /** Declared outputs: a component that declares one more is another computation. */
  readonly outputs: OutputFields;
  /** Texts of the user's that set entries apart. */
  readonly salt?: string;
  /** The key that the pipeline gives in place of the inputs: parameters, artifacts and outside data are empty then. */
  readonly cacheKey?: string;
  /** Parts of the platform, where the component says that its result depends on them. */
  readonly platform: Readonly<Record<string, string>>;
}

/** What runs. */
export type CodeFields =
  | {
      /** A component of ours: what its code is, wherever it runs. */
      readonly kind: 'component';
      readonly function: string;
      /** Digest of the bundle folder: code and assets. */
      readonly code: Digest;
      /** Digest over version and integrity of the packages left out of the bundle. */
      readonly natives?: Digest;
      /** Digest of the image's recipe. */
      readonly recipe?: Digest;
      /** The image by digest, where the task names one in place of the component's. */
      readonly image?: string;
    }
  | {
      /** Any other container: its image by digest, and what it is told to do, unresolved. */
      readonly kind: 'container';
      readonly image: string;
      readonly command: readonly string[];
      readonly args: readonly string[];
    }
  | {
      /** The program of a container that ran without its image. */
      readonly kind: 'program';
      /** Its name, version and platform. */
      readonly interpreter: string;
      /** Packages that the program can load: versions by name. */
      readonly packages: Readonly<Record<string, string>>;
      readonly source: Digest;
      /** Unresolved. */
      readonly args: readonly string[];
    };

export interface ArtifactFields {
  readonly type: ArtifactTypeSchema;
  readonly digest: Digest;
  readonly metadata: Readonly<Record<string, JsonValue>>;
}

interface OutputFields {
  readonly parameters: Readonly<Record<string, ParameterType>>;
  readonly artifacts: Readonly<Record<string, ArtifactTypeSchema>>;
}

/** Digests the struct: the cache key itself. */
export function digestOfFields(fields: FingerprintFields): Digest {
  return digestOfJson(fields);
}
