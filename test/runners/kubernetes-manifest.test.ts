import { describe, expect, it } from 'vitest';
import { BatchV1Api } from '@kubernetes/client-node';
import type { Attempt } from '../../engine/ports.ts';
import { jobFor } from '../../runners/kubernetes/job/job.ts';
import { labelValue } from '../../runners/kubernetes/api/label-value.ts';
import {
  jobOptions,
  readClusterConfig,
  type KubernetesRunnerOptions,
} from '../../runners/kubernetes/options.ts';
import { kubernetesRunner } from '../../runners/kubernetes/index.ts';
import { testCluster } from '../cluster/namespace.ts';
import { kubeconfig } from '../counterparts.ts';
import { attemptOf, type AttemptDraft } from './kubernetes/bench.ts';

const root = 's3://bucket/root';
const image = 'registry.example.com/train:1';

function manifest(
  draft: AttemptDraft,
  options: Partial<KubernetesRunnerOptions> = {},
): ReturnType<typeof jobFor> {
  return jobFor(attempt(draft), jobOptions({ root, runtimeImage: 'ferrule:1', ...options }, 'team'));
}

function attempt(draft: AttemptDraft): Attempt {
  return attemptOf({ name: 'train-1', image, runId: 'run-1', task: 'loop/train', ...draft });
}

function podOf(draft: AttemptDraft, options?: Partial<KubernetesRunnerOptions>) {
  const spec = manifest(draft, options).spec?.template.spec;
  if (spec === undefined) throw new Error('no pod');
  return spec;
}

function componentOf(draft: AttemptDraft, options?: Partial<KubernetesRunnerOptions>) {
  const { containers, initContainers = [] } = podOf(draft, options);
  const found = [...initContainers, ...containers].find(({ name }) => name === 'component');
  if (found === undefined) throw new Error('no component');
  return found;
}

const restricted = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  readOnlyRootFilesystem: true,
};
const work = ['tmp', 'gcs', 's3', 'minio', 'work'];
const workMounts = [
  { name: 'work-tmp', mountPath: '/tmp' },
  { name: 'work-gcs', mountPath: '/gcs' },
  { name: 'work-s3', mountPath: '/s3' },
  { name: 'work-minio', mountPath: '/minio' },
  { name: 'work-work', mountPath: '/ferrule-work' },
];
const metadata = {
  labels: {
    'app.kubernetes.io/managed-by': 'ferrule',
    'ferrule.dev/run': 'run-1',
    'ferrule.dev/task': 'loop-train-2a32586c8305',
    'ferrule.dev/attempt': '1',
    'ferrule.dev/pipeline': 'a-pipeline',
  },
  annotations: {
    'ferrule.dev/run': 'run-1',
    'ferrule.dev/task': 'loop/train',
    'ferrule.dev/pipeline': 'a-pipeline',
  },
};

describe('the Job of an attempt', () => {
  it('has one container where the image is ours, with the command for its launcher', () => {
    const draft = {
      command: ['node', '/ferrule/run.mjs'],
      args: ['--executor_input', '{{$}}', '--salt', '$(HOME)'],
      resources: { resourceCpuLimit: '2', resourceMemoryRequest: '1Gi' },
    };
    expect(manifest(draft)).toEqual({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { ...metadata, name: 'train-1', namespace: 'team' },
      spec: {
        backoffLimit: 0,
        completions: 1,
        parallelism: 1,
        ttlSecondsAfterFinished: 300,
        template: {
          metadata,
          spec: {
            restartPolicy: 'Never',
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            terminationGracePeriodSeconds: 10,
            securityContext: {
              runAsNonRoot: true,
              runAsUser: 1000,
              runAsGroup: 1000,
              fsGroup: 1000,
              fsGroupChangePolicy: 'OnRootMismatch',
              seccompProfile: { type: 'RuntimeDefault' },
            },
            containers: [
              {
                name: 'component',
                image,
                command: ['node', '/ferrule/launch.mjs'],
                args: [
                  'run',
                  '--root',
                  root,
                  '--attempt',
                  'runs/run-1/tasks/loop/train/1',
                  '--',
                  'node',
                  '/ferrule/run.mjs',
                  '--executor_input',
                  '{{$}}',
                  '--salt',
                  '$$(HOME)',
                ],
                env: [{ name: 'HOME', value: '/tmp' }],
                resources: { limits: { cpu: '2' }, requests: { memory: '1Gi' } },
                securityContext: restricted,
                terminationMessagePolicy: 'FallbackToLogsOnError',
                volumeMounts: workMounts,
              },
            ],
            volumes: work.map((name) => ({ name: `work-${name}`, emptyDir: {} })),
          },
        },
      },
    });
  });

  it("has three containers where the image is somebody's, with its placeholders resolved", () => {
    const pod = podOf(
      {
        ours: false,
        command: ['python', '-c', 'print()'],
        args: ["{{$.inputs.parameters['n']}}"],
        parameters: { n: 7 },
      },
      { storeSecret: 'keys', env: { AWS_REGION: 'eu' } },
    );
    const staging = {
      image: 'ferrule:1',
      command: ['node', '/ferrule/launch.mjs'],
      env: [
        { name: 'HOME', value: '/tmp' },
        { name: 'AWS_REGION', value: 'eu' },
      ],
      envFrom: [{ secretRef: { name: 'keys' } }],
      resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { cpu: '2', memory: '1Gi' } },
      securityContext: restricted,
      terminationMessagePolicy: 'FallbackToLogsOnError',
      volumeMounts: workMounts,
    };
    const place = ['--root', root, '--attempt', 'runs/run-1/tasks/loop/train/1'];
    expect(pod.initContainers).toEqual([
      { name: 'stage-in', args: ['stage-in', ...place], ...staging },
      {
        name: 'component',
        image,
        command: ['python', '-c', 'print()'],
        args: ['7'],
        // Neither the store's secret nor its settings are for other people's code.
        env: [{ name: 'HOME', value: '/tmp' }],
        resources: {},
        securityContext: restricted,
        terminationMessagePolicy: 'FallbackToLogsOnError',
        volumeMounts: workMounts,
      },
    ]);
    expect(pod.containers).toEqual([{ name: 'stage-out', args: ['stage-out', ...place], ...staging }]);
  });

  it('asks for accelerators by resource, or by the model that GKE names its nodes by', () => {
    const accelerated = (type: string) => podOf({ resources: { accelerator: { type, count: '2' } } });
    const limits = (type: string) => accelerated(type).containers[0]?.resources?.limits;
    expect(limits('nvidia.com/gpu')).toEqual({ 'nvidia.com/gpu': '2' });
    expect(accelerated('nvidia.com/gpu').nodeSelector).toBeUndefined();
    expect(accelerated('nvidia.com/gpu').tolerations).toEqual([
      { key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' },
    ]);
    expect(limits('NVIDIA_TESLA_T4')).toEqual({ 'nvidia.com/gpu': '2' });
    expect(accelerated('NVIDIA_TESLA_T4').nodeSelector).toEqual({
      'cloud.google.com/gke-accelerator': 'nvidia-tesla-t4',
    });
    expect(limits('amd.com/gpu')).toEqual({ 'amd.com/gpu': '2' });
    expect(limits('tpu-v5-lite-podslice')).toEqual({ 'google.com/tpu': '2' });
  });

  it('has what cluster.yaml says', () => {
    const job = manifest(
      { timeoutSeconds: 60 },
      {
        serviceAccount: 'trainer',
        queue: 'gpus',
        priorityClass: 'low',
        imagePullSecrets: ['registry'],
        nodeSelector: { pool: 'a' },
        tolerations: [{ key: 'spot', operator: 'Exists' }],
        labels: { team: 'vision' },
        annotations: { cost: 'center' },
        ttlSecondsAfterFinished: 0,
        runAsUser: 2000,
        readOnlyRootFilesystem: false,
        owner: { name: 'driver', uid: 'u-1' },
      },
    );
    expect(job.metadata).toMatchObject({
      labels: { team: 'vision', 'kueue.x-k8s.io/queue-name': 'gpus' },
      annotations: { cost: 'center' },
      ownerReferences: [
        { apiVersion: 'batch/v1', kind: 'Job', name: 'driver', uid: 'u-1', blockOwnerDeletion: false },
      ],
    });
    expect(job.spec).toMatchObject({ suspend: true, ttlSecondsAfterFinished: 0 });
    expect(job.spec?.template.spec).toMatchObject({
      serviceAccountName: 'trainer',
      automountServiceAccountToken: true,
      activeDeadlineSeconds: 60,
      priorityClassName: 'low',
      imagePullSecrets: [{ name: 'registry' }],
      nodeSelector: { pool: 'a' },
      tolerations: [{ key: 'spot', operator: 'Exists' }],
      securityContext: { runAsUser: 2000, runAsNonRoot: true, fsGroup: 2000 },
    });
    expect(job.spec?.template.spec?.containers[0]?.securityContext?.readOnlyRootFilesystem).toBe(false);
  });

  it("has every setting of KFP's platform spec", () => {
    const pod = podOf({ kubernetes: everySetting, ours: false, command: ['x'] });
    expect(pod).toMatchObject({
      activeDeadlineSeconds: 20,
      nodeSelector: { disk: 'ssd' },
      imagePullSecrets: [{ name: 'pull' }],
      tolerations: [
        { key: 'a', operator: 'Equal', value: 'b', effect: 'NoExecute', tolerationSeconds: 30 },
        { key: 'c', operator: 'Exists' },
        { key: 'd', operator: 'Exists' },
      ],
      securityContext: { runAsUser: 1001, runAsGroup: 1002, fsGroup: 1002, runAsNonRoot: true },
    });
    expect(pod.affinity).toEqual(everyAffinity);
    expect(pod.volumes?.slice(work.length)).toEqual([
      { name: 'secret-s-v', secret: { secretName: 's.v', optional: false } },
      { name: 'config-c', configMap: { name: 'c', optional: true } },
      { name: 'claim-data', persistentVolumeClaim: { claimName: 'data' } },
      {
        name: 'scratch',
        ephemeral: {
          volumeClaimTemplate: {
            metadata: { labels: { l: '1' } },
            spec: {
              accessModes: ['ReadWriteOnce'],
              resources: { requests: { storage: '1Gi' } },
              storageClassName: 'fast',
            },
          },
        },
      },
      { name: 'cache', emptyDir: { medium: 'Memory', sizeLimit: '1Gi' } },
      { name: 'shm', emptyDir: { medium: 'Memory', sizeLimit: '2Gi' } },
    ]);
    const component = componentOf({ kubernetes: everySetting, ours: false, command: ['x'] });
    expect(component.imagePullPolicy).toBe('Always');
    expect(component.env).toEqual([
      { name: 'HOME', value: '/tmp' },
      { name: 'K', valueFrom: { secretKeyRef: { name: 's', key: 'k', optional: false } } },
      { name: 'C', valueFrom: { configMapKeyRef: { name: 'c', key: 'k' } } },
      { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    ]);
    expect(component.volumeMounts?.slice(work.length)).toEqual([
      { name: 'secret-s-v', mountPath: '/sv' },
      { name: 'config-c', mountPath: '/cv' },
      { name: 'claim-data', mountPath: '/data', subPath: 'a/b' },
      { name: 'claim-data', mountPath: '/more' },
      { name: 'scratch', mountPath: '/scratch' },
      { name: 'cache', mountPath: '/cache' },
      { name: 'shm', mountPath: '/dev/shm' },
    ]);
    expect(pod.initContainers?.map(({ name }) => name)).toEqual(['proxy', 'stage-in', 'component']);
    expect(manifest({ kubernetes: everySetting }).metadata).toMatchObject({
      labels: { l: '1', 'app.kubernetes.io/managed-by': 'ferrule' },
      annotations: { an: '2' },
    });
  });

  it('leaves out what an input without a value was to name', () => {
    const kubernetes = {
      secretAsVolume: [{ secretNameParameter: null, mountPath: '/x' }],
      nodeSelector: { nodeSelectorJson: null },
      tolerations: [{ tolerationJson: null }],
    };
    const pod = podOf({ kubernetes });
    expect(pod.volumes).toHaveLength(work.length);
    expect(pod).not.toHaveProperty('nodeSelector');
    expect(pod).not.toHaveProperty('tolerations');
  });

  it('lets a volume of the task take the place of a work folder, for all containers', () => {
    const pod = podOf({
      ours: false,
      kubernetes: { emptyDirMounts: [{ volumeName: 'big', mountPath: '/tmp', sizeLimit: '9Gi' }] },
    });
    for (const container of [...(pod.initContainers ?? []), ...pod.containers])
      expect(container.volumeMounts?.filter(({ mountPath }) => mountPath === '/tmp')).toEqual([
        { name: 'big', mountPath: '/tmp' },
      ]);
    expect(pod.volumes?.map(({ name }) => name)).not.toContain('work-tmp');
  });

  it.skipIf(kubeconfig === undefined)('is taken by a real API server, with every setting', async () => {
    const batch = (await testCluster()).makeApiClient(BatchV1Api);
    const options = { queue: 'q', priorityClass: 'system-node-critical', serviceAccount: 'default' };
    for (const ours of [true, false])
      for (const draft of [{}, { kubernetes: everySetting }, { timeoutSeconds: 5 }])
        for (const given of [{}, options]) {
          const job = jobFor(
            attempt({ ours, command: ['x'], ...draft }),
            jobOptions({ root, runtimeImage: 'ferrule:1', ...given }, 'default'),
          );
          const made = await batch.createNamespacedJob({
            namespace: 'default',
            dryRun: 'All',
            fieldValidation: 'Strict',
            body: job,
          });
          expect(made.metadata?.name).toBe('train-1');
        }
  });
});

const everySetting = {
  secretAsVolume: [{ secretName: 's.v', mountPath: '/sv', optional: false }],
  secretAsEnv: [{ secretNameParameter: 's', keyToEnv: [{ secretKey: 'k', envVar: 'K' }], optional: false }],
  configMapAsVolume: [{ configMapNameParameter: 'c', mountPath: '/cv', optional: true }],
  configMapAsEnv: [{ configMapName: 'c', keyToEnv: [{ configMapKey: 'k', envVar: 'C' }] }],
  pvcMount: [
    { constant: 'data', pvcNameParameter: 'data', mountPath: '/data', subPath: 'a/b' },
    { constant: 'data', pvcNameParameter: { runtimeValue: { constant: 'data' } }, mountPath: '/more' },
  ],
  nodeSelector: { nodeSelectorJson: { disk: 'ssd' } },
  podMetadata: { labels: { l: '1', 'app.kubernetes.io/managed-by': 'me' }, annotations: { an: '2' } },
  imagePullSecret: [{ secretName: 'pull' }],
  imagePullPolicy: 'Always',
  fieldPathAsEnv: [{ name: 'POD', fieldPath: 'metadata.name' }],
  tolerations: [
    { key: 'a', operator: 'Equal', value: 'b', effect: 'NoExecute', tolerationSeconds: '30' },
    { tolerationJson: { key: 'c', operator: 'Exists' } },
    { tolerationJson: '[{"key":"d","operator":"Exists"},{}]' },
  ],
  nodeAffinity: [
    { matchExpressions: [{ key: 'zone', operator: 'In', values: ['a'] }] },
    { matchFields: [{ key: 'metadata.name', operator: 'NotIn', values: ['n'] }], weight: 5 },
    {
      nodeAffinityJson: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: 'gpu', operator: 'Exists' }] }],
        },
      },
    },
  ],
  podAffinity: [
    { matchPodLabels: { app: 'cache' }, topologyKey: 'zone' },
    {
      matchPodExpressions: [{ key: 'app', operator: 'Exists' }],
      topologyKey: 'host',
      namespaces: ['other'],
      weight: 10,
      anti: true,
    },
  ],
  genericEphemeralVolume: [
    {
      volumeName: 'scratch',
      mountPath: '/scratch',
      accessModes: ['ReadWriteOnce'],
      size: '1Gi',
      storageClassName: 'fast',
      metadata: { labels: { l: '1' } },
    },
  ],
  emptyDirMounts: [{ volumeName: 'cache', mountPath: '/cache', medium: 'Memory', sizeLimit: '1Gi' }],
  enabledSharedMemory: { size: '2Gi' },
  securityContext: { runAsUser: '1001', runAsGroup: '1002', runAsNonRoot: true },
  activeDeadlineSeconds: '20',
  initContainers: [
    {
      name: 'proxy',
      image: 'proxy:1',
      args: ['-v'],
      env: [{ name: 'A', value: 'b' }],
      volumeMounts: [{ volumeName: 'cache', mountPath: '/cache' }],
      restartPolicy: 'Always',
      resources: { requests: { cpu: '10m' } },
    },
  ],
};

const everyAffinity = {
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [
        { matchExpressions: [{ key: 'zone', operator: 'In', values: ['a'] }] },
        { matchExpressions: [{ key: 'gpu', operator: 'Exists' }] },
      ],
    },
    preferredDuringSchedulingIgnoredDuringExecution: [
      {
        weight: 5,
        preference: { matchFields: [{ key: 'metadata.name', operator: 'NotIn', values: ['n'] }] },
      },
    ],
  },
  podAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: [
      { topologyKey: 'zone', labelSelector: { matchLabels: { app: 'cache' } } },
    ],
  },
  podAntiAffinity: {
    preferredDuringSchedulingIgnoredDuringExecution: [
      {
        weight: 10,
        podAffinityTerm: {
          topologyKey: 'host',
          labelSelector: { matchExpressions: [{ key: 'app', operator: 'Exists' }] },
          namespaces: ['other'],
        },
      },
    ],
  },
};

describe('what a Job cannot be made of', () => {
  const runner = (options: Partial<KubernetesRunnerOptions> = {}) => kubernetesRunner({ root, ...options });
  const refusal = (draft: AttemptDraft, options?: Partial<KubernetesRunnerOptions>) => {
    const { container, identity, kubernetes } = attempt(draft);
    return runner(options).refuse(container, identity, kubernetes);
  };

  it('is an image of others without a runtime image', () => {
    expect(refusal({})).toBeUndefined();
    expect(refusal({ ours: false }, { runtimeImage: 'ferrule:1' })).toBeUndefined();
    expect(refusal({ ours: false })).toMatchObject({ code: 'FER6060', retryable: false });
  });

  it('is a setting that is not known, by its name', () => {
    expect(refusal({ kubernetes: { podResourceClaims: [], pvcMount: [{ path: 1 }] } })).toMatchObject({
      code: 'FER6046',
      problem: expect.stringMatching(/podResourceClaims: not known.*|pvcMount.0.path: not known/),
    });
  });

  it('is a secret without a place', () => {
    expect(refusal({ secretEnv: ['TOKEN'] })).toMatchObject({
      code: 'FER6016',
      fix: 'tell in cluster.yaml where it is: secrets: { TOKEN: { secret: NAME, key: KEY } }',
    });
    expect(
      refusal({ secretEnv: ['TOKEN'] }, { secrets: { TOKEN: { secret: 's', key: 'k' } } }),
    ).toBeUndefined();
  });

  it('is not a setting whose input has no value yet', () => {
    const kubernetes = {
      secretAsEnv: [{ secretNameParameter: { componentInputParameter: 's' }, keyToEnv: [] }],
      tolerations: [{ tolerationJson: { componentInputParameter: 't' } }],
    };
    expect(refusal({ kubernetes })).toBeUndefined();
  });
});

describe('the folder that the tasks of a run share', () => {
  const folderOf = (draft: AttemptDraft): unknown => {
    const mount = componentOf(draft).volumeMounts?.find(({ mountPath }) => mountPath === '/kfp-workspace');
    return podOf(draft).volumes?.find(({ name }) => name === mount?.name)?.persistentVolumeClaim?.claimName;
  };
  const workspace = { size: '1Gi' };

  it('is mounted where inputs or the command name it, and nowhere else', () => {
    const claim = folderOf({ workspace, parameters: { to: { deep: ['/kfp-workspace/x'] } } });
    expect(claim).toMatch(/^workspace-[0-9a-f]{24}$/);
    expect(folderOf({ workspace, ours: false, args: ['--to={{$.workspace_path}}/x'] })).toBe(claim);
    expect(folderOf({ workspace, runId: 'run-2', parameters: { to: '/kfp-workspace' } })).not.toBe(claim);
    expect(folderOf({ workspace, parameters: { to: '/tmp' } })).toBeUndefined();
    expect(folderOf({ parameters: { to: '/kfp-workspace' } })).toBeUndefined();
  });

  it('has one name in the command', () => {
    const { args } = componentOf({ workspace, ours: false, args: ['--to={{$.workspace_path}}/x'] });
    expect(args).toEqual(['--to=/kfp-workspace/x']);
  });
});

describe('labels', () => {
  it('hold a name as it is where it is a label, and else what is left of it and a hash', () => {
    expect(labelValue('run-1')).toBe('run-1');
    expect(labelValue('loop/train')).toMatch(/^loop-train-[0-9a-f]{12}$/);
    expect(labelValue('/')).toMatch(/^[0-9a-f]{12}$/);
    expect(labelValue('x'.repeat(64))).toHaveLength(63);
    expect(labelValue('a/b')).not.toBe(labelValue('a-b'));
  });
});

describe('cluster.yaml', () => {
  it('is refused with every field that is wrong', () => {
    expect(() => readClusterConfig({ namespac: 'x', runAsUser: 'root' }, 'cluster.yaml')).toThrow(
      /cluster.yaml does not read: runAsUser: .*Unrecognized key: "namespac"/,
    );
    expect(readClusterConfig(null, 'cluster.yaml')).toEqual({});
  });
});
