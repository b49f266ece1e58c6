import {
  component,
  eq,
  forEach,
  onExit,
  pipeline,
  required,
  when,
  type Ref,
  type TaskOptions,
} from 'ferrule';

export const use = component({ image: 'a' }, (_inputs: { text: string }) => {});
export const useInside = component({ image: 'a' }, (_inputs: { text: string }) => {});

const settings: TaskOptions = {
  cpu: 2,
  cpuRequest: '500m',
  memory: '2G',
  memoryRequest: '512Mi',
  accelerator: { type: 'nvidia.com/gpu', count: 2 },
  env: { A: 'b' },
  timeout: '30s',
  kubernetes: {
    secretEnv: [{ secret: 's', keys: { k: 'K' } }],
    secretVolumes: [{ secret: 's', mountPath: '/s' }],
    configMapEnv: [{ configMap: 'c', keys: { k: 'C' }, optional: true }],
    configMapVolumes: [{ configMap: 'c', mountPath: '/c' }],
    volumes: [{ claim: 'p', mountPath: '/p', subPath: 'x' }],
    emptyDirs: [{ name: 'e', mountPath: '/e', medium: 'Memory', sizeLimit: '1Gi' }],
    ephemeralVolumes: [
      {
        name: 'v',
        mountPath: '/v',
        accessModes: ['ReadWriteOnce'],
        size: '1Gi',
        storageClass: 'fast',
        labels: { l: 'x' },
        annotations: { a: 'y' },
      },
    ],
    nodeSelector: { disk: 'ssd' },
    nodeAffinity: [
      { matchExpressions: [{ key: 'zone', operator: 'In', values: ['a', 'b'] }] },
      { matchFields: [{ key: 'metadata.name', operator: 'NotIn', values: ['n'] }], weight: 5 },
    ],
    tolerations: [
      { key: 'gpu', operator: 'Equal', value: 'yes', effect: 'NoExecute', seconds: 5 },
      { operator: 'Exists' },
    ],
    fieldEnv: { POD: 'metadata.name' },
    labels: { l: 'x' },
    annotations: { a: 'y' },
    imagePullPolicy: 'IfNotPresent',
    imagePullSecrets: ['r', 't'],
    securityContext: { runAsUser: 1000, runAsGroup: 2000, runAsNonRoot: true },
  },
};

const dressed = (text: string | Ref<string>, made = use) => made({ text }, settings);

export const inside = pipeline('inside', { text: required<string>() }, ({ text }) => {
  dressed(text, useInside);
  when(eq(text, 'a'), () => dressed(text, useInside));
});

export default pipeline('settings-everywhere', { text: 'a' }, ({ text }) => {
  const last = dressed('last');
  onExit(last, () => {
    dressed(text);
    forEach(['a', 'b'], (item) => dressed(item));
    when(eq(text, 'a'), () => dressed(text)).otherwise(() => dressed('else'));
  });
  inside({ text });
});
