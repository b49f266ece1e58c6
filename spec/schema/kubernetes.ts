/** One executor's settings on Kubernetes: KubernetesExecutorConfig. It travels as a plain JSON object. */
import { listOf, message, strings, type Kind, type Messages } from './message.ts';

const parameter = message('TaskInputParameter');
const texts: Kind = { mapOf: 'string' };

export const kubernetesMessages: Messages = {
  KubernetesExecutorConfig: {
    fields: {
      secretAsVolume: listOf('SecretAsVolume'),
      secretAsEnv: listOf('SecretAsEnv'),
      pvcMount: listOf('PvcMount'),
      nodeSelector: message('NodeSelector'),
      podMetadata: message('PodMetadata'),
      imagePullSecret: listOf('ImagePullSecret'),
      imagePullPolicy: 'string',
      configMapAsVolume: listOf('ConfigMapAsVolume'),
      configMapAsEnv: listOf('ConfigMapAsEnv'),
      activeDeadlineSeconds: 'int64',
      fieldPathAsEnv: listOf('FieldPathAsEnv'),
      tolerations: listOf('Toleration'),
      genericEphemeralVolume: listOf('GenericEphemeralVolume'),
      nodeAffinity: listOf('NodeAffinityTerm'),
      podAffinity: listOf('PodAffinityTerm'),
      enabledSharedMemory: message('EnabledSharedMemory'),
      emptyDirMounts: listOf('EmptyDirMount'),
      securityContext: message('SecurityContext'),
      initContainers: listOf('InitContainer'),
      podResourceClaims: listOf('PodResourceClaim'),
    },
    beyond: ['initContainers', 'podResourceClaims'],
  },
  SecretAsVolume: {
    fields: { secretName: 'string', mountPath: 'string', optional: 'bool', secretNameParameter: parameter },
    explicit: ['optional'],
  },
  SecretAsEnv: {
    fields: {
      secretName: 'string',
      keyToEnv: listOf('SecretKeyToEnv'),
      optional: 'bool',
      secretNameParameter: parameter,
    },
    explicit: ['optional'],
  },
  SecretKeyToEnv: { fields: { secretKey: 'string', envVar: 'string' } },
  PvcMount: {
    fields: {
      taskOutputParameter: message('TaskOutputParameter'),
      constant: 'string',
      componentInputParameter: 'string',
      mountPath: 'string',
      pvcNameParameter: parameter,
      subPath: 'string',
    },
    exclusive: [['taskOutputParameter', 'constant', 'componentInputParameter']],
  },
  NodeSelector: { fields: { labels: texts, nodeSelectorJson: parameter } },
  PodMetadata: { fields: { labels: texts, annotations: texts } },
  ImagePullSecret: { fields: { secretName: 'string', secretNameParameter: parameter } },
  ConfigMapAsVolume: {
    fields: {
      configMapName: 'string',
      mountPath: 'string',
      optional: 'bool',
      configMapNameParameter: parameter,
    },
    explicit: ['optional'],
  },
  ConfigMapAsEnv: {
    fields: {
      configMapName: 'string',
      keyToEnv: listOf('ConfigMapKeyToEnv'),
      configMapNameParameter: parameter,
      optional: 'bool',
    },
    explicit: ['optional'],
  },
  ConfigMapKeyToEnv: { fields: { configMapKey: 'string', envVar: 'string' } },
  FieldPathAsEnv: { fields: { name: 'string', fieldPath: 'string' } },
  Toleration: {
    fields: {
      key: 'string',
      operator: 'string',
      value: 'string',
      effect: 'string',
      tolerationSeconds: 'int64',
      tolerationJson: parameter,
    },
    explicit: ['tolerationSeconds'],
  },
  GenericEphemeralVolume: {
    fields: {
      volumeName: 'string',
      mountPath: 'string',
      accessModes: strings,
      size: 'string',
      defaultStorageClass: 'bool',
      storageClassName: 'string',
      metadata: message('PodMetadata'),
    },
  },
  NodeAffinityTerm: {
    fields: {
      matchExpressions: listOf('SelectorRequirement'),
      matchFields: listOf('SelectorRequirement'),
      weight: 'int32',
      nodeAffinityJson: parameter,
    },
    explicit: ['weight'],
  },
  SelectorRequirement: { fields: { key: 'string', operator: 'string', values: strings } },
  PodAffinityTerm: {
    fields: {
      matchPodExpressions: listOf('SelectorRequirement'),
      matchPodLabels: texts,
      topologyKey: 'string',
      namespaces: strings,
      matchNamespaceExpressions: listOf('SelectorRequirement'),
      matchNamespaceLabels: texts,
      weight: 'int32',
      anti: 'bool',
    },
    explicit: ['weight', 'anti'],
  },
  EnabledSharedMemory: { fields: { volumeName: 'string', size: 'string' } },
  EmptyDirMount: {
    fields: { volumeName: 'string', mountPath: 'string', medium: 'string', sizeLimit: 'string' },
    explicit: ['medium', 'sizeLimit'],
  },
  SecurityContext: {
    fields: { runAsUser: 'int64', runAsGroup: 'int64', runAsNonRoot: 'bool' },
    explicit: ['runAsUser', 'runAsGroup', 'runAsNonRoot'],
  },
  InitContainer: {
    fields: {
      name: 'string',
      image: 'string',
      command: strings,
      args: strings,
      env: listOf('EnvVar'),
      volumeMounts: listOf('VolumeMount'),
      restartPolicy: 'string',
      resources: message('InitContainerResources'),
    },
    explicit: ['restartPolicy'],
  },
  VolumeMount: { fields: { volumeName: 'string', mountPath: 'string' } },
  InitContainerResources: { fields: { requests: texts, limits: texts } },
  PodResourceClaim: {
    fields: { resourceClaimTemplateName: 'string', resourceClaimJson: parameter },
  },
};
