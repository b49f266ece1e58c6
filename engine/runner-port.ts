/** What the engine asks of whatever runs attempts. */
import type {
  ComponentIdentity,
  ComponentSpec,
  ContainerSpec,
  ExecutorInput,
  ExecutorOutput,
  JsonValue,
  KubernetesExecutorConfig,
  RuntimeArtifact,
} from '../spec/index.ts';
import type { Failure } from './events.ts';
import type { Platform } from './platform.ts';

/**
 * Runs attempts of tasks somewhere. A runner keeps no record of its own: what it must find again after its driver
 * died, it finds by the attempt's name.
 */
export interface Runner {
  /** What kind it is, such as `local`: recorded with attempts and cache entries. */
  readonly name: string;
  /** Where attempts will run: recorded with cache entries, in the key where a component varies by it. */
  readonly platform: Platform;
  /** Where one container's attempts will run, where that depends on what it asks for. @default `platform` */
  platformFor?(container: ContainerSpec): Platform;
  readonly staging: Staging;
  /**
   * Tells why it cannot run a container at all, before anything starts; undefined where it can. Must not touch
   * network or disk.
   */
  refuse(
    container: ContainerSpec,
    identity: ComponentIdentity | undefined,
    kubernetes: KubernetesExecutorConfig | undefined,
  ): Failure | undefined;
  /**
   * Tells why the code of a component cannot be found where its attempts would run; undefined where it can. May look at the disk.
   * Without this method the code is where its image is.
   */
  lacks?(identity: ComponentIdentity): Promise<Failure | undefined>;
  /**
   * Names the settings of a platform spec that it leaves out, because they change no result: told once, when a run
   * starts. Must not touch network or disk.
   */
  leavesOut?(container: ContainerSpec, kubernetes: KubernetesExecutorConfig | undefined): readonly string[];
  /**
   * Finds what an image's tag stands for now, as a reference with a digest; undefined where that cannot be told.
   * Without this method no tag is resolved, and containers of others that are named by one are not cached.
   */
  resolveImage?(image: string): Promise<string | undefined>;
  /**
   * Tells in what a container's program runs where that is not its image, such as an interpreter of this machine;
   * undefined where it is its image. Never rejects.
   * @param making has what is needed made, which may take minutes; without it, what is not there is `unknown`
   */
  environmentOf?(container: ContainerSpec, making: Making | undefined): Promise<HostEnvironment | undefined>;
  /**
   * Tells whether attempts of a container write to the places that they are given for anything but output artifacts.
   * Where they do not, and there are none, no folder is made for them, and their outcome is what the run's log says.
   * @default true
   */
  usesPlaces?(container: ContainerSpec): boolean;
  /**
   * Writes the settings that a component hands on to work of its own, as fragments of a pod. Must not touch network or
   * disk. @default none
   */
  taskConfigOf?(task: HandedOn): Promise<JsonValue>;
  /**
   * Copies an imported artifact into the folder that the tasks of a run share, to where KFP's rules have it there. Without
   * this method no runner of this kind reaches the folder from where the run is driven.
   * @param from where its content lies on this machine
   */
  keepInWorkspace?(
    runId: string,
    artifact: Pick<RuntimeArtifact, 'name' | 'uri' | 'type'>,
    from: string,
  ): Promise<void>;
  /**
   * Starts an attempt and waits for its end. Never rejects for what a component does: that is an outcome. Starting
   * an attempt whose name is taken must not start a second one.
   * Promises when it resolves: no process of the attempt writes to its folder any more, and all of its lines are in
   * `sink`. `attempt.signal` aborted = end it and resolve with `cancelled`; aborted with the reason `released` = the
   * run goes on elsewhere: stop watching, resolve with `cancelled`, and leave alone what outlives this process.
   */
  start(attempt: Attempt, sink: AttemptSink): Promise<Outcome>;
  /** Finds an attempt that another driver started. `absent` where the platform knows none, whatever became of it. */
  adopt(attempt: Attempt, sink: AttemptSink): Promise<Adoption>;
  /** Ends what the runner holds between attempts, such as idle workers. Called by whoever made it, once. */
  close(): Promise<void>;
}

/** The settings of a task whose component hands some of them on. */
export interface HandedOn {
  /** As the spec has it: placeholders of parameters are not filled in. */
  readonly container: ContainerSpec;
  readonly parameterValues: Readonly<Record<string, JsonValue>>;
  /** Inputs filled in. */
  readonly kubernetes: KubernetesExecutorConfig | undefined;
  /** As the component names them, such as `RESOURCES`. */
  readonly fields: ReadonlySet<string>;
}

/** How to have something made that takes its time. */
export interface Making {
  /** Aborted = whoever asked waits no longer. */
  readonly signal: AbortSignal;
  /** Tells people what is being made. */
  tell(text: string): void;
}

/** What a program runs in without its image: it is in the cache key in the image's place. */
export type HostEnvironment =
  | {
      readonly kind: 'known';
      /** Such as `CPython 3.11.7 linux-x86_64`. */
      readonly interpreter: string;
      /** All packages that the program can load: versions by name. */
      readonly packages: Readonly<Record<string, string>>;
      /** The program. */
      readonly source: string;
    }
  | { readonly kind: 'unknown'; readonly reason: string };

/**
 * Who brings inputs to an attempt and keeps its outputs. `driver`: the attempt sees paths of this machine, and the
 * driver seals what it wrote. `attempt`: it works for itself, on URIs of the root, and writes its own result.
 */
export type Staging = 'driver' | 'attempt';

/** The reason of an aborted signal that does not cancel: another process drives the run from here on. */
export const released: unique symbol = Symbol('released');

/** One try of one task. */
export interface Attempt {
  /** At most 63 characters of `[a-z0-9-]`; a hash of run, task path and number: unique for good. */
  readonly name: string;
  readonly runId: string;
  readonly pipeline: string;
  /** When the run was started, ISO 8601. */
  readonly startedAt: string;
  /** Where runs keep their artifacts: a path, or the URI of a bucket. */
  readonly pipelineRoot?: string;
  /** The task's path. */
  readonly task: string;
  /** The folder that the tasks of the run share, as the pipeline's platform spec describes it. */
  readonly workspace?: JsonValue;
  /** Counted from 1. */
  readonly number: number;
  /** As the spec has it, but for the image, whose tag may be resolved: placeholders in the rest are left as they are. */
  readonly container: ContainerSpec;
  /** Read from the container, where it is a component of ours. */
  readonly identity?: ComponentIdentity;
  /** The component's interface. */
  readonly component: ComponentSpec;
  /**
   * Parameters with defaults filled in, artifacts and output places. Where the driver stages, URIs are absolute paths
   * of this machine: the folders around output places exist, what they name does not. Else they are URIs of the root.
   */
  readonly input: ExecutorInput;
  /** An empty folder of this attempt alone where files besides the outputs may go, on the machine that it runs on. */
  readonly folder: string;
  /** Settings of the platform spec, inputs filled in: each `...Parameter` field holds its value. */
  readonly kubernetes?: KubernetesExecutorConfig;
  /** End the attempt after so many seconds, with the failure FER6xxx for time-outs. */
  readonly timeoutSeconds?: number;
  /** Aborted when the run is cancelled. */
  readonly signal: AbortSignal;
}

/** Takes what an attempt prints: complete lines without their break, secrets already masked, in order. */
export interface LogSink {
  line(text: string): void;
}

/** Takes what there is to tell of an attempt while it goes on. */
export interface AttemptSink extends LogSink {
  /** Lines that are stored already. A runner that reads an attempt's log from its start again leaves out so many. */
  readonly kept: number;
  /** Tells where the attempt stands on its platform, whenever that changes. */
  progress(progress: AttemptProgress): void;
}

export type AttemptProgress =
  /** It cannot begin yet: why, in words for people. */
  | { readonly kind: 'waiting'; readonly reason: string }
  /** It runs; `on` names the machine, where that is known. */
  | { readonly kind: 'running'; readonly on?: string };

export type Outcome =
  | {
      readonly kind: 'succeeded';
      readonly output: ExecutorOutput;
      /** Why the result must not be cached, such as a Node.js other than the recipe's. */
      readonly uncacheable?: string;
    }
  /** The attempt has ended, and wrote its own result: only where it stages for itself. */
  | {
      readonly kind: 'sealed';
      /** The image that was used, with its digest, where that is known. */
      readonly image?: string;
    }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'cancelled' }
  /** The platform took it away, by no fault of the component: preempted, evicted, its machine gone. */
  | { readonly kind: 'lost'; readonly reason: string };

export type Adoption =
  | { readonly kind: 'running'; readonly outcome: Promise<Outcome> }
  | { readonly kind: 'absent' };
