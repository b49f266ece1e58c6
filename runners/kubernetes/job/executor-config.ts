/** KFP's settings of a task on Kubernetes, read from the platform spec: message KubernetesExecutorConfig. */
import * as z from 'zod';

/** A value that may come from an input: filled in by the engine, or still as written. Null: the input has none. */
const text = z.union([z.string(), z.null(), z.record(z.string(), z.unknown())]);
/** int64 is a text in JSON. */
const int = z.union([z.number().int(), z.string().regex(/^-?\d+$/)]).transform(Number);
const texts = z.record(z.string(), z.string());
const metadata = z.strictObject({ labels: texts.exactOptional(), annotations: texts.exactOptional() });

const secretName = { secretName: z.string().exactOptional(), secretNameParameter: text.exactOptional() };
const configMapName = {
  configMapName: z.string().exactOptional(),
  configMapNameParameter: text.exactOptional(),
};
const requirement = z.strictObject({
  key: z.string(),
  operator: z.string(),
  values: z.array(z.string()).exactOptional(),
});
const volumeClaim = {
  accessModes: z.array(z.string()).exactOptional(),
  size: z.string(),
  defaultStorageClass: z.boolean().exactOptional(),
  storageClassName: z.string().exactOptional(),
};

/** Unknown fields are errors: what is not understood would be left out in silence. */
export const executorConfigSchema = z.strictObject({
  secretAsVolume: z
    .array(z.strictObject({ ...secretName, mountPath: z.string(), optional: z.boolean().exactOptional() }))
    .exactOptional(),
  secretAsEnv: z
    .array(
      z.strictObject({
        ...secretName,
        keyToEnv: z.array(z.strictObject({ secretKey: z.string(), envVar: z.string() })).exactOptional(),
        optional: z.boolean().exactOptional(),
      }),
    )
    .exactOptional(),
  pvcMount: z
    .array(
      z.strictObject({
        constant: z.string().exactOptional(),
        componentInputParameter: z.string().exactOptional(),
        taskOutputParameter: z.unknown().exactOptional(),
        pvcNameParameter: text.exactOptional(),
        mountPath: z.string(),
        subPath: z.string().exactOptional(),
      }),
    )
    .exactOptional(),
  nodeSelector: z
    .strictObject({ labels: texts.exactOptional(), nodeSelectorJson: z.unknown().exactOptional() })
    .exactOptional(),
  podMetadata: metadata.exactOptional(),
  imagePullSecret: z.array(z.strictObject(secretName)).exactOptional(),
  imagePullPolicy: z.enum(['Always', 'Never', 'IfNotPresent']).exactOptional(),
  configMapAsVolume: z
    .array(z.strictObject({ ...configMapName, mountPath: z.string(), optional: z.boolean().exactOptional() }))
    .exactOptional(),
  configMapAsEnv: z
    .array(
      z.strictObject({
        ...configMapName,
        keyToEnv: z.array(z.strictObject({ configMapKey: z.string(), envVar: z.string() })).exactOptional(),
        optional: z.boolean().exactOptional(),
      }),
    )
    .exactOptional(),
  activeDeadlineSeconds: int.exactOptional(),
  fieldPathAsEnv: z.array(z.strictObject({ name: z.string(), fieldPath: z.string() })).exactOptional(),
  tolerations: z
    .array(
      z.strictObject({
        key: z.string().exactOptional(),
        operator: z.string().exactOptional(),
        value: z.string().exactOptional(),
        effect: z.string().exactOptional(),
        tolerationSeconds: int.exactOptional(),
        tolerationJson: z.unknown().exactOptional(),
      }),
    )
    .exactOptional(),
  genericEphemeralVolume: z
    .array(
      z.strictObject({
        volumeName: z.string(),
        mountPath: z.string(),
        ...volumeClaim,
        metadata: metadata.exactOptional(),
      }),
    )
    .exactOptional(),
  nodeAffinity: z
    .array(
      z.strictObject({
        matchExpressions: z.array(requirement).exactOptional(),
        matchFields: z.array(requirement).exactOptional(),
        weight: z.number().int().exactOptional(),
        nodeAffinityJson: z.unknown().exactOptional(),
      }),
    )
    .exactOptional(),
  podAffinity: z
    .array(
      z.strictObject({
        matchPodExpressions: z.array(requirement).exactOptional(),
        matchPodLabels: texts.exactOptional(),
        topologyKey: z.string(),
        namespaces: z.array(z.string()).exactOptional(),
        matchNamespaceExpressions: z.array(requirement).exactOptional(),
        matchNamespaceLabels: texts.exactOptional(),
        weight: z.number().int().exactOptional(),
        anti: z.boolean().exactOptional(),
      }),
    )
    .exactOptional(),
  enabledSharedMemory: z
    .strictObject({ volumeName: z.string().exactOptional(), size: z.string().exactOptional() })
    .exactOptional(),
  emptyDirMounts: z
    .array(
      z.strictObject({
        volumeName: z.string(),
        mountPath: z.string(),
        medium: z.string().exactOptional(),
        sizeLimit: z.string().exactOptional(),
      }),
    )
    .exactOptional(),
  securityContext: z
    .strictObject({
      runAsUser: int.exactOptional(),
      runAsGroup: int.exactOptional(),
      runAsNonRoot: z.boolean().exactOptional(),
    })
    .exactOptional(),
  initContainers: z
    .array(
      z.strictObject({
        name: z.string(),
        image: z.string(),
        command: z.array(z.string()).exactOptional(),
        args: z.array(z.string()).exactOptional(),
        env: z.array(z.strictObject({ name: z.string(), value: z.string().exactOptional() })).exactOptional(),
        volumeMounts: z
          .array(z.strictObject({ volumeName: z.string(), mountPath: z.string() }))
          .exactOptional(),
        restartPolicy: z.literal('Always').exactOptional(),
        resources: z
          .strictObject({ requests: texts.exactOptional(), limits: texts.exactOptional() })
          .exactOptional(),
      }),
    )
    .exactOptional(),
});

export type ExecutorConfig = z.infer<typeof executorConfigSchema>;

/**
 * Chooses between the two ways KFP writes a name. Null where an input without a value was to give it: the setting
 * then does not apply.
 */
export function chosenName(parameter: unknown, constant: string | undefined): string | null {
  if (parameter === undefined) return constant ?? null;
  if (typeof parameter === 'string') return parameter;
  const written = z.object({ runtimeValue: z.object({ constant: z.string() }) }).safeParse(parameter);
  return written.success ? written.data.runtimeValue.constant : null;
}
