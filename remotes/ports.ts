/**
 * What backends beside our own offer: a place that keeps compiled pipelines as templates, and a service that runs them. Each has one
 * contract suite, test/remotes/, that every implementation passes.
 */
import type { CompiledPipeline, Digest, JsonValue } from '../spec/index.ts';

/** A place that keeps compiled pipelines: packages, their versions, and tags that point to versions. */
export interface TemplateStore {
  /** Where it is, as a URL without secrets. */
  readonly address: string;
  /**
   * Uploads a template as a new version of the package that its pipeline's name is. The same content twice is one version:
   * the second time nothing is uploaded, and only tags are moved. Tags that another version has move to this one.
   */
  upload(template: Template, options?: UploadOptions): Promise<Upload>;
  /** Lists the packages, by name. */
  packages(): Promise<readonly TemplatePackage[]>;
  /** @throws UserError FER8004 where there is none of this name */
  package(name: string): Promise<TemplatePackage>;
  /** Lists the versions of a package, newest first, each with its tags. @throws UserError FER8004 */
  versions(name: string): Promise<readonly TemplateVersion[]>;
  /** Finds the one version that a name of a version or a tag means. @throws UserError FER8004 */
  version(name: string, versionOrTag: string): Promise<TemplateVersion>;
  /** Lists the tags of a package, by name. @throws UserError FER8004 */
  tags(name: string): Promise<readonly TemplateTag[]>;
  /** Points a tag to a version, wherever it pointed before. */
  tag(name: string, versionOrTag: string, tag: string): Promise<TagChange>;
  /** Removes a tag; the version stays. @throws UserError FER8004 where there is no such tag */
  untag(name: string, tag: string): Promise<void>;
  /** Reads a version's document. @throws UserError FER8004 */
  download(name: string, versionOrTag: string): Promise<DownloadedTemplate>;
  /** Removes a version. One that tags point to only with `force`, which removes the tags too. @throws UserError FER8004, FER8007 */
  deleteVersion(name: string, version: string, options?: { readonly force?: boolean }): Promise<void>;
  /** Removes a package with all its versions and tags. @throws UserError FER8004 */
  deletePackage(name: string): Promise<void>;
  /** Writes the URI by which `ferrule run` and `submit` take a version. */
  uriOf(name: string, versionOrTag: string): string;
  close(): Promise<void>;
}

/** A compiled pipeline as it is uploaded. */
export interface Template {
  readonly compiled: CompiledPipeline;
  /** The document, in YAML: what is uploaded, byte for byte. */
  readonly text: string;
  /** What the file is called on the way. */
  readonly fileName: string;
}

export interface UploadOptions {
  readonly tags?: readonly string[];
  /** Of the version. */
  readonly description?: string;
  /** A name for the version, where the store lets one choose it. */
  readonly versionName?: string;
}

export type Upload =
  | { readonly kind: 'uploaded'; readonly version: TemplateVersion; readonly tags: readonly TagChange[] }
  | { readonly kind: 'unchanged'; readonly version: TemplateVersion; readonly tags: readonly TagChange[] };

export interface TemplatePackage {
  readonly kind: 'template-package';
  readonly name: string;
  readonly description?: string;
  /** ISO 8601. */
  readonly createdAt?: string;
  readonly updatedAt?: string;
}

export interface TemplateVersion {
  readonly kind: 'template-version';
  readonly package: string;
  /** What the store calls it: `sha256:…` in Artifact Registry, a name in KFP. */
  readonly name: string;
  /** Of the content, where the store tells. */
  readonly digest?: Digest;
  /** What other requests of the service name it by, where that is not its name. */
  readonly id?: string;
  /** The same of its package. */
  readonly packageId?: string;
  readonly description?: string;
  /** ISO 8601. */
  readonly createdAt?: string;
  readonly updatedAt?: string;
  readonly tags: readonly string[];
}

export interface TemplateTag {
  readonly kind: 'template-tag';
  readonly name: string;
  /** The name of the version that it points to. */
  readonly version: string;
}

/** What became of a tag: it is new, it pointed elsewhere before, or it was there already. */
export type TagChange =
  | { readonly kind: 'added'; readonly tag: string; readonly version: string }
  | { readonly kind: 'moved'; readonly tag: string; readonly version: string; readonly from: string }
  | { readonly kind: 'kept'; readonly tag: string; readonly version: string };

interface DownloadedTemplate {
  readonly text: string;
  readonly version: TemplateVersion;
}

/** A service that runs compiled pipelines elsewhere. */
export interface RunService {
  /** `kfp` or `vertex`. */
  readonly backend: string;
  /** Where it is, as a URL without secrets. */
  readonly address: string;
  /** Starts a run. @throws UserError FER8014 where the request lacks what the service needs */
  create(request: RemoteRunRequest): Promise<RemoteRun>;
  /** @throws UserError FER8004 where there is none */
  get(id: string): Promise<RemoteRun>;
  /** Lists runs a page at a time, newest first. */
  list(query?: RunQuery): Promise<RunPage>;
  /** Asks to stop a run; one that has ended stays as it is. */
  cancel(id: string): Promise<void>;
  /** Removes a run from the service's list. What it wrote stays. */
  delete(id: string): Promise<void>;
  /** Looks at a run again and again until it has ended. @throws InfrastructureError FER8012 when the time is over */
  wait(id: string, options?: WaitOptions): Promise<RemoteRun>;
  close(): Promise<void>;
}

export interface RemoteRunRequest {
  readonly compiled: CompiledPipeline;
  readonly parameters: Readonly<Record<string, JsonValue>>;
  /** Name shown to people. @default the pipeline's name with the time */
  readonly name?: string;
  /** What the run is to be named by in requests, where the service lets one choose it. @default one that nobody has */
  readonly id?: string;
  readonly description?: string;
  /** Where artifacts go. @default what the spec or the service says */
  readonly pipelineRoot?: string;
  /** Whether all tasks may take results from the cache. @default what the spec says of each */
  readonly caching?: boolean;
  /** The list of runs that it is to appear in, made where it is not there. KFP alone has such lists. */
  readonly experiment?: string;
  /** Runs the tasks. */
  readonly serviceAccount?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** The version of a template that the pipeline came from. */
  readonly template?: TemplateReference;
}

/** Where a template lies, as the service can find it again. */
export interface TemplateReference {
  readonly uri: string;
  /** For KFP: the pipeline's and the version's id. */
  readonly pipelineId?: string;
  readonly versionId?: string;
}

export interface RunQuery {
  /** In the service's own language. */
  readonly filter?: string;
  readonly sortBy?: string;
  /** @default 20 */
  readonly pageSize?: number;
  readonly pageToken?: string;
}

export interface RunPage {
  readonly runs: readonly RemoteRun[];
  /** Where the next page begins; undefined on the last one. */
  readonly nextPageToken?: string;
}

/** What a run or task is at, in the words of our own runs, and those that other services add. */
export type RemoteStatus =
  | 'pending'
  | 'running'
  | 'paused'
  | 'cancelling'
  | 'succeeded'
  | 'skipped'
  | 'cached'
  | 'failed'
  | 'cancelled';

export interface RemoteRun {
  readonly kind: 'remote-run';
  readonly id: string;
  readonly name: string;
  readonly status: RemoteStatus;
  /** A page of it for people. */
  readonly link?: string;
  /** ISO 8601. */
  readonly createdAt?: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly error?: string;
  /** In the order they began; those that did not begin yet may be missing. */
  readonly tasks: readonly RemoteTask[];
}

export interface RemoteTask {
  readonly kind: 'remote-task';
  readonly id: string;
  readonly name: string;
  /** The task that it is inside of, by id. */
  readonly parent?: string;
  readonly status: RemoteStatus;
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly error?: string;
  /** Output artifacts by name: their URIs, or the ids by which the service knows them. */
  readonly artifacts: Readonly<Record<string, readonly string[]>>;
}

export interface WaitOptions {
  /** Milliseconds between two looks. @default 5000 */
  readonly pause?: number;
  /** Milliseconds to wait in all. @default no end */
  readonly timeout?: number;
  /** Called after each look. */
  readonly seen?: (run: RemoteRun) => void;
  /** Milliseconds of an outage of the service that are waited through. @default 600000 */
  readonly outage?: number;
  /** Called for each look that failed, and was not the last one. */
  readonly missed?: (error: Error) => void;
  /** Aborted to stop waiting; the run goes on. */
  readonly signal?: AbortSignal;
}

/** Whether nothing more happens in a run or task of this status. */
export function hasEnded(status: RemoteStatus): boolean {
  return ['succeeded', 'skipped', 'cached', 'failed', 'cancelled'].includes(status);
}
