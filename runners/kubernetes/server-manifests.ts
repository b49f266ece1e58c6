/** What `ferrule server` needs in a cluster, beside what a namespace needs anyway. */
import { withoutRepeats, plainEnv } from './environment.ts';
import { jobOptions, type ClusterConfig } from './options.ts';
import { containerSecurity, podSecurity } from './security.ts';

export interface ServerManifestOptions {
  readonly namespace: string;
  /** The service account whose role the server has as well. */
  readonly driver: string;
  /** Annotations of the server's account, such as those of a cloud's workload identity. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** The server's image. */
  readonly image: string;
  /** URI of the pipeline root, as pods see it. */
  readonly root: string;
  /** What runs in the cluster are made with. */
  readonly config: ClusterConfig;
  /** Size of the volume, such as `10Gi`. */
  readonly volume: string;
  /** Secret of the type kubernetes.io/tls to speak TLS with. @default none: something before the server does */
  readonly tlsSecret?: string;
}

/** The name of all objects of the server. */
const serverName = 'ferrule-server';
/** The Secret with the file of tokens, under the key `tokens`. */
const tokensSecret = 'ferrule-server-tokens';
/** The Secret that may hold the URL of a PostgreSQL database, under the key `url`. */
const databaseSecret = 'ferrule-server-database';

const port = 8888;
const tlsFolder = '/etc/ferrule-tls';

/** Makes the server's account, volume, service and deployment. */
export function serverObjects(options: ServerManifestOptions): readonly object[] {
  const { namespace, driver, annotations, volume } = options;
  const labels = { 'app.kubernetes.io/managed-by': 'ferrule', 'app.kubernetes.io/name': serverName };
  const metadata = { name: serverName, namespace, labels };
  return [
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { ...metadata, ...(annotations && { annotations }) },
      automountServiceAccountToken: true,
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: driver },
      subjects: [{ kind: 'ServiceAccount', name: serverName, namespace }],
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata,
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: volume } } },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: {
        selector: { 'app.kubernetes.io/name': serverName },
        ports: [{ name: options.tlsSecret === undefined ? 'http' : 'https', port, targetPort: 'api' }],
      },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas: 1,
        // Two pods would share one file of SQLite, which no network disk is made for.
        strategy: { type: 'Recreate' },
        selector: { matchLabels: { 'app.kubernetes.io/name': serverName } },
        template: { metadata: { labels }, spec: podOf(options) },
      },
    },
  ];
}

function podOf({ namespace, image, root, config, tlsSecret }: ServerManifestOptions): object {
  const jobs = jobOptions({ ...config, root }, namespace);
  const get = (path: string): object => ({
    httpGet: { path, port: 'api', scheme: tlsSecret === undefined ? 'HTTP' : 'HTTPS' },
  });
  const tls =
    tlsSecret === undefined ? [] : [`--tls-cert=${tlsFolder}/tls.crt`, `--tls-key=${tlsFolder}/tls.key`];
  return {
    serviceAccountName: serverName,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 30,
    ...(jobs.imagePullSecrets.length > 0 && {
      imagePullSecrets: jobs.imagePullSecrets.map((name) => ({ name })),
    }),
    ...(jobs.tolerations.length > 0 && { tolerations: jobs.tolerations }),
    securityContext: podSecurity(jobs, {}),
    containers: [
      {
        name: 'server',
        image,
        ...(jobs.imagePullPolicy && { imagePullPolicy: jobs.imagePullPolicy }),
        args: [
          'server',
          '--host=0.0.0.0',
          `--port=${port}`,
          '--tokens=/etc/ferrule/tokens',
          ...tls,
          '--runner=kubernetes',
          `--root=${root}`,
        ],
        env: serverEnv(config, namespace, image),
        ...(jobs.storeSecret !== undefined && { envFrom: [{ secretRef: { name: jobs.storeSecret } }] }),
        ports: [{ name: 'api', containerPort: port }],
        startupProbe: { ...get('/openapi.json'), periodSeconds: 2, failureThreshold: 60 },
        readinessProbe: { ...get('/apis/v2beta1/healthz'), periodSeconds: 5 },
        // Without a database it is not ready, but to start it again would not help.
        livenessProbe: { ...get('/openapi.json'), periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 },
        resources: { requests: { cpu: '200m', memory: '256Mi' }, limits: { memory: '2Gi' } },
        securityContext: containerSecurity(jobs),
        terminationMessagePolicy: 'FallbackToLogsOnError',
        volumeMounts: [
          { name: 'data', mountPath: '/data' },
          { name: 'tmp', mountPath: '/tmp' },
          { name: 'tokens', mountPath: '/etc/ferrule', readOnly: true },
          ...(tlsSecret === undefined ? [] : [{ name: 'tls', mountPath: tlsFolder, readOnly: true }]),
        ],
      },
    ],
    volumes: [
      { name: 'data', persistentVolumeClaim: { claimName: serverName } },
      { name: 'tmp', emptyDir: {} },
      { name: 'tokens', secret: { secretName: tokensSecret } },
      ...(tlsSecret === undefined ? [] : [{ name: 'tls', secret: { secretName: tlsSecret } }]),
    ],
  };
}

function serverEnv(config: ClusterConfig, namespace: string, image: string): object[] {
  // A context names something on the machine that this is written on.
  const { context: _, ...rest } = config;
  const given = { ...rest, namespace, runtimeImage: config.runtimeImage ?? image };
  return [
    ...withoutRepeats(plainEnv({ ...config.env, FERRULE_CLUSTER: JSON.stringify(given) })),
    {
      name: 'FERRULE_DATABASE',
      valueFrom: { secretKeyRef: { name: databaseSecret, key: 'url', optional: true } },
    },
  ];
}
