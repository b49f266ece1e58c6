/** Settings of a task's pod, for Kubernetes alone: all that KFP's platform spec has. */
import type { Ref } from './values.ts';

/** A variable in the container for each key of a Secret or ConfigMap: `{ password: 'DB_PASSWORD' }`. */
type KeysToVariables = Readonly<Record<string, string>>;

type Labels = Readonly<Record<string, string>>;

export interface SelectorRequirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt';
  readonly values?: readonly string[];
}

/** With a weight of 1 to 100 it is preferred, else it is required. */
export interface NodeAffinity {
  readonly matchExpressions?: readonly SelectorRequirement[];
  readonly matchFields?: readonly SelectorRequirement[];
  readonly weight?: number;
}

/** With a weight of 1 to 100 it is preferred, else it is required. */
export interface PodAffinity {
  readonly matchPodExpressions?: readonly SelectorRequirement[];
  readonly matchPodLabels?: Labels;
  readonly topologyKey: string;
  readonly namespaces?: readonly string[];
  readonly matchNamespaceExpressions?: readonly SelectorRequirement[];
  readonly matchNamespaceLabels?: Labels;
  readonly weight?: number;
  /** Keeps away from such pods instead. @default false */
  readonly anti?: boolean;
}

export interface Toleration {
  /** @default every taint, with the operator `Exists` */
  readonly key?: string;
  /** @default 'Equal' */
  readonly operator?: 'Equal' | 'Exists';
  readonly value?: string;
  /** @default every effect */
  readonly effect?: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
  /** How long a taint with the effect `NoExecute` is borne. @default for good */
  readonly seconds?: number;
}

export interface InitContainer {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly volumeMounts?: readonly { readonly volumeName: string; readonly mountPath: string }[];
  /** `'Always'` makes it a sidecar. */
  readonly restartPolicy?: 'Always';
  readonly resources?: { readonly requests?: Labels; readonly limits?: Labels };
}

/**
 * `Name` is what a name may be: a text, or a Ref to one. `Given` is a Ref to settings in Kubernetes' own form, which a
 * run may be given as a parameter.
 */
export interface KubernetesOptions<Name = string | Ref<string>, Given = Ref<object>> {
  /** Variables from Secrets. */
  readonly secretEnv?: readonly {
    readonly secret: Name;
    readonly keys: KeysToVariables;
    /** Starts without it where there is none. @default false */
    readonly optional?: boolean;
  }[];
  /** Secrets as folders. */
  readonly secretVolumes?: readonly {
    readonly secret: Name;
    readonly mountPath: string;
    readonly optional?: boolean;
  }[];
  /** Variables from ConfigMaps. */
  readonly configMapEnv?: readonly {
    readonly configMap: Name;
    readonly keys: KeysToVariables;
    readonly optional?: boolean;
  }[];
  /** ConfigMaps as folders. */
  readonly configMapVolumes?: readonly {
    readonly configMap: Name;
    readonly mountPath: string;
    readonly optional?: boolean;
  }[];
  /** Volume claims: named ones, or those that `createPvc` made. */
  readonly volumes?: readonly {
    readonly claim: Name;
    readonly mountPath: string;
    /** A folder inside the volume. @default its root */
    readonly subPath?: string;
  }[];
  /** Empty folders that live as long as the pod. */
  readonly emptyDirs?: readonly {
    readonly name: string;
    readonly mountPath: string;
    /** @default the node's disk */
    readonly medium?: 'Memory' | 'HugePages';
    readonly sizeLimit?: string;
  }[];
  /** Volumes that are made for the pod and go with it. */
  readonly ephemeralVolumes?: readonly {
    readonly name: string;
    readonly mountPath: string;
    readonly accessModes: readonly (
      | 'ReadWriteOnce'
      | 'ReadOnlyMany'
      | 'ReadWriteMany'
      | 'ReadWriteOncePod'
    )[];
    readonly size: string;
    /** @default the cluster's default */
    readonly storageClass?: string;
    readonly labels?: Labels;
    readonly annotations?: Labels;
  }[];
  /** Labels that the node must have. */
  readonly nodeSelector?: Labels | Given;
  readonly nodeAffinity?: readonly (NodeAffinity | { readonly json: object } | Given)[];
  readonly podAffinity?: readonly PodAffinity[];
  readonly tolerations?: readonly (Toleration | Given)[];
  /** Variables from fields of the pod: `{ POD_NAME: 'metadata.name' }`. */
  readonly fieldEnv?: Readonly<Record<string, string>>;
  /** Labels of the pod. */
  readonly labels?: Labels;
  /** Annotations of the pod. */
  readonly annotations?: Labels;
  readonly imagePullPolicy?: 'Always' | 'Never' | 'IfNotPresent';
  readonly imagePullSecrets?: readonly Name[];
  readonly securityContext?: {
    readonly runAsUser?: number;
    readonly runAsGroup?: number;
    readonly runAsNonRoot?: boolean;
  };
  /** Containers that run before the task's own. */
  readonly initContainers?: readonly InitContainer[];
  /** A /dev/shm that is larger than the usual 64 MiB. */
  readonly sharedMemory?: { readonly name?: string; readonly size?: string };
}
