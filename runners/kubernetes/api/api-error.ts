/** What goes wrong between this process and the API server. */
import * as z from 'zod';
import { InfrastructureError, messageOf, UserError, type FerruleError } from '../../../errors/index.ts';

/** A request that did not end well. */
export class ApiError extends Error {
  /** HTTP status; undefined where no answer came. */
  readonly status: number | undefined;
  /** Kubernetes' word for it, such as `AlreadyExists`. */
  readonly reason: string;
  /** Milliseconds that the server asks to wait. */
  readonly retryAfter: number | undefined;
  /** Such as `create jobs`. */
  readonly what: string;

  constructor(
    what: string,
    message: string,
    facts: { readonly status?: number; readonly reason?: string; readonly retryAfter?: number } = {},
  ) {
    super(message);
    this.name = 'ApiError';
    this.what = what;
    this.status = facts.status;
    this.reason = facts.reason ?? '';
    this.retryAfter = facts.retryAfter;
  }

  /** Whether the same request may do better later: no answer, too many requests, a fault of the server. */
  get passing(): boolean {
    return this.status === undefined || this.status === 429 || this.status >= 500;
  }
}

const statusSchema = z.object({ message: z.string().exactOptional(), reason: z.string().exactOptional() });

/** Reads the answer of the API server to a request that it refused. */
export function readApiError(
  what: string,
  status: number,
  body: string,
  retryAfter: string | undefined,
): ApiError {
  let parsed: z.infer<typeof statusSchema> = {};
  try {
    parsed = statusSchema.parse(JSON.parse(body));
  } catch {
    // A proxy in between answers in words of its own.
  }
  const message = parsed.message ?? (body.slice(0, 300).trim() || `HTTP status ${status}`);
  const seconds = Number(retryAfter);
  return new ApiError(what, message, {
    status,
    reason: parsed.reason ?? '',
    ...(retryAfter !== undefined && seconds >= 0 && { retryAfter: seconds * 1000 }),
  });
}

/** Makes the error that people read of what a request met. */
export function explainApiError(thrown: unknown, server: string, namespace: string): FerruleError {
  if (!(thrown instanceof ApiError))
    return new InfrastructureError('FER6041', {
      problem: `the API server ${server} cannot be reached: ${messageOf(thrown)}`,
      retryable: true,
      cause: thrown,
    });
  const { status, what, message } = thrown;
  if (status === undefined)
    return new InfrastructureError('FER6041', {
      problem: `the API server ${server} does not answer: ${message}`,
      fix: 'see whether `kubectl get pods` works from here: the cluster may be gone, private, or behind a VPN',
      retryable: true,
      cause: thrown,
    });
  if (status === 401)
    return new UserError('FER6042', {
      problem: `the API server ${server} does not accept these credentials: ${message}`,
      fix: 'sign in again (such as `gcloud container clusters get-credentials` or `aws eks update-kubeconfig`), then `ferrule resume`',
      cause: thrown,
    });
  if (status === 403 && !/exceeded quota/.test(message))
    return new UserError('FER6043', {
      problem: `the cluster does not allow to ${what} in the namespace ${namespace}: ${message}`,
      fix: `\`ferrule cluster manifests\` prints the role ${/cronjobs/.test(what) ? 'ferrule-schedules, which schedules need' : 'that the driver needs'}; bind it to this user or service account`,
      cause: thrown,
    });
  if (status === 404 && /namespaces? /.test(message))
    return new UserError('FER6045', {
      problem: `the namespace ${namespace} does not exist in the cluster at ${server}`,
      fix: `name another with --namespace, or make it: kubectl create namespace ${namespace}`,
      cause: thrown,
    });
  if (status === 400 || status === 413 || status === 422)
    return new UserError('FER6044', {
      problem: `the cluster refuses the ${/cronjobs/.test(what) ? 'CronJob' : 'Job'}: ${message}`,
      fix: 'see the resources, volumes and settings that the task asks for',
      cause: thrown,
    });
  return new InfrastructureError('FER6041', {
    problem: `the API server ${server} could not ${what}: ${message} (HTTP ${status})`,
    retryable: thrown.passing,
    cause: thrown,
  });
}
