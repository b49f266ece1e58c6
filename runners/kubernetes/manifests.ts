/** What a namespace needs before Ferrule runs in it. */
import { stringify } from 'yaml';
import { serverObjects, type ServerManifestOptions } from './server-manifests.ts';

export interface ManifestOptions {
  /** @default ferrule */
  readonly namespace?: string;
  /** Service account of the driver of detached runs. @default ferrule-driver */
  readonly driver?: string;
  /** Service account of task pods. @default ferrule-task */
  readonly task?: string;
  /** Annotations of both accounts, such as those of a cloud's workload identity. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** The server, where there is to be one. */
  readonly server?: Pick<ServerManifestOptions, 'image' | 'root' | 'config' | 'volume' | 'tlsSecret'>;
}

/**
 * Writes the objects that an administrator applies once: two service accounts, and a role with the fewest verbs that
 * a driver works with. People who start runs from outside are bound to the same role.
 * @returns YAML documents
 */
export function manifests(options: ManifestOptions = {}): string {
  return manifestObjects(options)
    .map((object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false }))
    .join('---\n');
}

/** Gives the same as objects. */
function manifestObjects(options: ManifestOptions = {}): readonly object[] {
  const {
    namespace = 'ferrule',
    driver = 'ferrule-driver',
    task = 'ferrule-task',
    annotations,
    server,
  } = options;
  const labels = { 'app.kubernetes.io/managed-by': 'ferrule' };
  const account = (name: string, token: boolean): object => ({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, namespace, labels, ...(annotations && { annotations }) },
    automountServiceAccountToken: token,
  });
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: namespace,
        labels: { ...labels, 'pod-security.kubernetes.io/enforce': 'restricted' },
      },
    },
    account(driver, true),
    account(task, false),
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: driver, namespace, labels },
      rules: [
        {
          apiGroups: ['batch'],
          resources: ['jobs'],
          verbs: ['create', 'get', 'list', 'watch', 'delete'],
        },
        { apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch'] },
        { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] },
        { apiGroups: [''], resources: ['events'], verbs: ['list', 'watch'] },
        // For CreatePVC and DeletePVC of kfp-kubernetes alone.
        {
          apiGroups: [''],
          resources: ['persistentvolumeclaims'],
          verbs: ['create', 'get', 'delete'],
        },
      ],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: driver, namespace, labels },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: driver },
      subjects: [{ kind: 'ServiceAccount', name: driver, namespace }],
    },
    ...(server === undefined
      ? []
      : serverObjects({ ...server, namespace, driver, ...(annotations && { annotations }) })),
    // For people who make schedules; a driver has no need of it, and nobody is bound to it here.
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'ferrule-schedules', namespace, labels },
      rules: [
        {
          apiGroups: ['batch'],
          resources: ['cronjobs'],
          verbs: ['create', 'get', 'list', 'patch', 'delete'],
        },
        { apiGroups: ['batch'], resources: ['jobs'], verbs: ['get', 'list'] },
        { apiGroups: [''], resources: ['serviceaccounts'], verbs: ['get'] },
      ],
    },
  ];
}
