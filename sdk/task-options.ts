/** Settings of components and of tasks. */
import type { Branches, Loop } from './control-flow.ts';
import type { KubernetesOptions } from './kubernetes-options.ts';
import type { TaskConfigField, TaskConfigPassthrough } from './task-config.ts';
import type { Integer, Ref } from './values.ts';

/** A whole number followed by a unit: `'30s'`, `'10m'`, `'2h'`, `'1d'`. */
export type Duration = `${number}${'s' | 'm' | 'h' | 'd'}`;

export interface Accelerator {
  /** An extended resource or a GKE accelerator label, such as `nvidia.com/gpu` or `NVIDIA_TESLA_T4`. */
  readonly type: string;
  /** @default 1 */
  readonly count?: number;
}

/** What the machine that runs a task must have. */
export interface Resources {
  /** Most cores, such as `2`, `'0.5'` or `'500m'`. */
  readonly cpu?: number | string;
  /** Cores the scheduler sets aside. */
  readonly cpuRequest?: number | string;
  /** Most memory, such as `'8Gi'` or `'512M'`. */
  readonly memory?: string;
  /** Memory the scheduler sets aside. */
  readonly memoryRequest?: string;
  readonly accelerator?: Accelerator;
}

/** Cores: a number, or as Kubernetes writes them. */
type Cores = number | string | Ref<number> | Ref<Integer> | Ref<string>;

/** What the machine that runs a task must have. A Ref is a whole value, such as a parameter `memory: '8Gi'`. */
export interface TaskResources {
  /** Most cores, such as `2`, `'0.5'` or `'500m'`. */
  readonly cpu?: Cores;
  /** Cores the scheduler sets aside. */
  readonly cpuRequest?: Cores;
  /** Most memory, such as `'8Gi'` or `'512M'`. */
  readonly memory?: string | Ref<string>;
  /** Memory the scheduler sets aside. */
  readonly memoryRequest?: string | Ref<string>;
  readonly accelerator?: {
    /** An extended resource or a GKE accelerator label, such as `nvidia.com/gpu` or `NVIDIA_TESLA_T4`. */
    readonly type: string | Ref<string>;
    /** @default 1 */
    readonly count?: number | Ref<Integer> | Ref<string>;
  };
}

export interface Retry {
  /** Attempts in all, the first one counted. */
  readonly maxAttempts: number;
  /** Wait before the second attempt. @default '0s' */
  readonly backoff?: Duration;
  /** Each wait is this many times the one before. @default 2 */
  readonly factor?: number;
  /** The longest wait. @default '1h' */
  readonly maxBackoff?: Duration;
}

export interface ComponentCache {
  /** Parts of the platform that set cache entries apart. @default none */
  readonly vary?: readonly ('platform' | 'accelerator' | 'node')[];
  /** Entries older than this are not used: for components that read data which cannot be digested. */
  readonly maxAge?: Duration;
}

/**
 * `'train'` is the image built from Dockerfiles/train.Dockerfile (or from a generated one); a text with a `/` or `:`
 * is a whole image reference. The long form names the environment variable that holds the reference to compile in.
 */
export type ImageOption = string | { readonly name: string; readonly uriFrom: string };

export interface ComponentOptions extends Resources {
  /**
   * The image that runs the component. Without one the component is lightweight: its bundle travels in the spec and
   * runs on a plain Node image.
   */
  readonly image?: ImageOption;
  /** Environment variables. Not for secrets: they are written into the spec. */
  readonly env?: Readonly<Record<string, string>>;
  /** Names of environment variables that hold secrets: taken from where the runner runs, masked in logs. */
  readonly secretEnv?: readonly string[];
  /** Parameters whose values are locations that the component reads by itself: what lies there is in the cache key. */
  readonly reads?: readonly string[];
  /** Files the component opens at run time, relative to its source file; `asset()` gives their path. */
  readonly assets?: readonly string[];
  /** Packages to leave out of the bundle besides the native ones, which are found by themselves. */
  readonly external?: readonly string[];
  /** `false` never caches. @default cached */
  readonly cache?: false | ComponentCache;
  /** Runs each task in a fresh process on the local runner. @default false */
  readonly isolate?: boolean;
  /** Settings of the pod on Kubernetes. A task's own take their places, one by one. */
  readonly kubernetes?: KubernetesOptions<string, never>;
  /** Parts of a task's settings that its input of type TaskConfig is given. */
  readonly taskConfigPassthroughs?: readonly (TaskConfigField | TaskConfigPassthrough)[];
}

export interface TaskOptions extends TaskResources {
  /** Name of the task in the spec, kebab-cased. @default the component's name, with `-2`, `-3` for repeats */
  readonly name?: string;
  /** Name shown to people. */
  readonly displayName?: string;
  /** Of a pipeline: for the tasks inside that say nothing themselves. */
  readonly retry?: Retry;
  /** Ends an attempt that takes longer. */
  readonly timeout?: Duration;
  /**
   * `false` never caches; a salt sets entries apart. A `key` is KFP's cacheKey: it stands for all inputs, so that
   * the task takes the result of a run with other inputs. Use it only where the key says all that matters.
   * @default true
   */
  readonly cache?: boolean | { readonly salt: string } | { readonly key: string };
  readonly env?: Readonly<Record<string, string>>;
  /** A whole image reference to run instead of the component's; Refs may stand in it. */
  readonly image?: string | Ref<string>;
  /** Settings of the pod on Kubernetes. */
  readonly kubernetes?: KubernetesOptions;
  /** Tasks, loops and branches that must have ended before, besides those whose outputs are used. */
  readonly after?: readonly (Task<unknown> | Loop<unknown> | Branches<unknown>)[];
  /**
   * Runs the task once those it waits for have ended, also where they failed. Inputs that take their outputs must need
   * no value. @default false
   */
  readonly ignoreUpstreamFailure?: boolean;
}

/** A step of a pipeline: a component with its inputs. */
export interface Task<Out> {
  readonly outputs: Out;
}
