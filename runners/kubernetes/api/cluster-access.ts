/** Which cluster, namespace and credentials: a kubeconfig, or those of the pod that this runs in. */
import type { KubeConfig } from '@kubernetes/client-node';
import type { Agent as HttpsAgent, RequestOptions } from 'node:https';
import { Agent as HttpAgent } from 'node:http';
import { readFileSync } from 'node:fs';
import { messageOf, UserError } from '../../../errors/index.ts';

export interface Access {
  /** Base URL of the API server, which may have a path. */
  readonly server: string;
  readonly namespace: string;
  /** Gives headers, certificates and a connection pool for the next request; signs in anew where that has run out. */
  authorise(): Promise<RequestOptions>;
  close(): void;
}

export interface AccessOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
}

/**
 * Finds the cluster, as kubectl does.
 * @throws UserError FER6040 where there is none, or no such context
 */
export async function openAccess(options: AccessOptions): Promise<Access> {
  const kubeConfig = await loadKubeConfig(options);
  const cluster = kubeConfig.getCurrentCluster();
  if (cluster === null)
    throw new UserError('FER6040', {
      problem: `the context ${kubeConfig.getCurrentContext()} of the kubeconfig names no cluster`,
      fix: 'choose another with --context',
    });
  const namespace =
    options.namespace ??
    kubeConfig.getContextObject(kubeConfig.getCurrentContext())?.namespace ??
    ownNamespace() ??
    'default';
  const pool = agentPool();
  return {
    server: cluster.server.replace(/\/+$/, ''),
    namespace,
    async authorise() {
      const request: RequestOptions = {};
      try {
        await kubeConfig.applyToHTTPSOptions(request);
      } catch (thrown) {
        throw new UserError('FER6042', {
          problem: `signing in to the cluster ${cluster.name} failed: ${messageOf(thrown)}`,
          fix: 'see that `kubectl get pods` works from here: the program that the kubeconfig names for signing in may be missing',
          cause: thrown,
        });
      }
      return pool.reuse(request);
    },
    close: () => pool.close(),
  };
}

async function loadKubeConfig({ kubeconfig, context }: AccessOptions): Promise<KubeConfig> {
  const { KubeConfig: Config } = await import('@kubernetes/client-node');
  const loaded = new Config();
  try {
    if (kubeconfig === undefined) loaded.loadFromDefault();
    else loaded.loadFromFile(kubeconfig);
  } catch (thrown) {
    throw new UserError('FER6040', {
      problem: `the kubeconfig cannot be read: ${messageOf(thrown)}`,
      fix: 'see the file that KUBECONFIG names, or ~/.kube/config',
      cause: thrown,
    });
  }
  // What the client falls back to where it found nothing at all.
  if (loaded.getCurrentCluster()?.server === 'http://localhost:8080' && kubeconfig === undefined)
    throw new UserError('FER6040', {
      problem: 'there is no kubeconfig here, and this is no pod of a cluster',
      fix: 'set KUBECONFIG, or let the cluster write ~/.kube/config (such as `gcloud container clusters get-credentials NAME`)',
    });
  if (context === undefined) return loaded;
  const known = loaded.getContexts().map(({ name }) => name);
  if (!known.includes(context))
    throw new UserError('FER6040', {
      problem: `the kubeconfig has no context ${context}`,
      fix: known.length === 0 ? 'it has none at all' : `it has ${known.join(', ')}`,
    });
  loaded.setCurrentContext(context);
  return loaded;
}

/** Where this runs in a pod. */
function ownNamespace(): string | undefined {
  try {
    return readFileSync('/var/run/secrets/kubernetes.io/serviceaccount/namespace', 'utf8').trim();
  } catch {
    return undefined;
  }
}

function textOf(part: RequestOptions['ca'] | RequestOptions['key']): string {
  return typeof part === 'string' || Buffer.isBuffer(part) ? part.toString() : JSON.stringify(part ?? '');
}

/** The client makes an agent a request, and so a connection; this keeps one until the certificates change. */
function agentPool(): { reuse(request: RequestOptions): RequestOptions; close(): void } {
  let kept: { readonly key: string; readonly agent: HttpAgent | HttpsAgent } | undefined;
  return {
    reuse(request) {
      const { agent } = request;
      if (!(agent instanceof HttpAgent)) return request;
      const key = [request.ca, request.cert, request.key].map(textOf).join('\n');
      if (kept?.key !== key) {
        kept?.agent.destroy();
        // Read by Node for each connection that becomes free.
        Object.assign(agent, { keepAlive: true, maxFreeSockets: 16 });
        kept = { key, agent };
      }
      return { ...request, agent: kept.agent };
    },
    close: () => kept?.agent.destroy(),
  };
}
