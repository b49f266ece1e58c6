/** Where the pod of an attempt may run: node selectors, tolerations and affinity. */
import type { V1Affinity, V1NodeAffinity, V1PodAffinityTerm, V1Toleration } from '@kubernetes/client-node';
import * as z from 'zod';
import { UserError } from '../../../errors/index.ts';
import type { AcceleratorPlace } from './accelerator.ts';
import type { ExecutorConfig } from './executor-config.ts';
import type { JobOptions } from '../options.ts';

const texts = z.record(z.string(), z.string());

/** Joins the labels that a node must have; the task's own come last. */
export function nodeSelectorOf(
  config: ExecutorConfig,
  options: Pick<JobOptions, 'nodeSelector'>,
  accelerator: AcceleratorPlace | undefined,
): Record<string, string> {
  const { labels, nodeSelectorJson } = config.nodeSelector ?? {};
  const own = isAbsent(nodeSelectorJson) ? (labels ?? {}) : read(texts, nodeSelectorJson, 'nodeSelectorJson');
  return { ...options.nodeSelector, ...accelerator?.nodeSelector, ...own };
}

const toleration = z.looseObject({
  key: z.string().exactOptional(),
  operator: z.string().exactOptional(),
  value: z.string().exactOptional(),
  effect: z.string().exactOptional(),
  tolerationSeconds: z.number().exactOptional(),
});
const tolerations = z.union([toleration.transform((one) => [one]), z.array(toleration)]);

/** Joins the taints that the task puts up with; nodes with accelerators are tainted by custom with their resource. */
export function tolerationsOf(
  config: ExecutorConfig,
  options: Pick<JobOptions, 'tolerations'>,
  accelerator: AcceleratorPlace | undefined,
): V1Toleration[] {
  const own = (config.tolerations ?? []).flatMap(({ tolerationJson, ...plain }): V1Toleration[] =>
    tolerationJson === undefined
      ? [plain]
      : tolerationJson === null
        ? []
        : read(tolerations, tolerationJson, 'tolerationJson').filter((one) => Object.keys(one).length > 0),
  );
  const device =
    accelerator === undefined
      ? []
      : [{ key: accelerator.resource, operator: 'Exists', effect: 'NoSchedule' }];
  return [...device, ...options.tolerations, ...own];
}

// The API server checks what is inside: these are passed on as they are.
const nodeTerm = z.looseObject({});
const nodeAffinity = z.strictObject({
  requiredDuringSchedulingIgnoredDuringExecution: z
    .strictObject({ nodeSelectorTerms: z.array(nodeTerm) })
    .exactOptional(),
  preferredDuringSchedulingIgnoredDuringExecution: z
    .array(z.strictObject({ weight: z.number(), preference: nodeTerm }))
    .exactOptional(),
});

/** Gives the affinity to nodes and other pods; undefined where there is none. */
export function affinityOf(config: ExecutorConfig): V1Affinity | undefined {
  const affinity = { ...nodeAffinityOf(config), ...podAffinityOf(config) };
  return Object.keys(affinity).length === 0 ? undefined : affinity;
}

function nodeAffinityOf({ nodeAffinity: terms = [] }: ExecutorConfig): Pick<V1Affinity, 'nodeAffinity'> {
  const required: object[] = [];
  const preferred: NonNullable<V1NodeAffinity['preferredDuringSchedulingIgnoredDuringExecution']> = [];
  for (const { matchExpressions = [], matchFields = [], weight, nodeAffinityJson } of terms) {
    if (nodeAffinityJson !== undefined) {
      if (nodeAffinityJson === null) continue;
      const json = read(nodeAffinity, nodeAffinityJson, 'nodeAffinityJson');
      required.push(...(json.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []));
      preferred.push(...(json.preferredDuringSchedulingIgnoredDuringExecution ?? []));
      continue;
    }
    if (matchExpressions.length === 0 && matchFields.length === 0) continue;
    const term = {
      ...(matchExpressions.length > 0 && { matchExpressions }),
      ...(matchFields.length > 0 && { matchFields }),
    };
    if (weight === undefined) required.push(term);
    else preferred.push({ weight, preference: term });
  }
  if (required.length === 0 && preferred.length === 0) return {};
  return {
    nodeAffinity: {
      ...(required.length > 0 && {
        requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: required },
      }),
      ...(preferred.length > 0 && { preferredDuringSchedulingIgnoredDuringExecution: preferred }),
    },
  };
}

function podAffinityOf({
  podAffinity: terms = [],
}: ExecutorConfig): Pick<V1Affinity, 'podAffinity' | 'podAntiAffinity'> {
  const parts = { podAffinity: affinityTerms(terms, false), podAntiAffinity: affinityTerms(terms, true) };
  return {
    ...(parts.podAffinity && { podAffinity: parts.podAffinity }),
    ...(parts.podAntiAffinity && { podAntiAffinity: parts.podAntiAffinity }),
  };
}

type PodTerms = NonNullable<ExecutorConfig['podAffinity']>;

function affinityTerms(terms: PodTerms, anti: boolean): V1Affinity['podAffinity'] {
  const chosen = terms.filter((term) => (term.anti ?? false) === anti);
  if (chosen.length === 0) return undefined;
  const required = chosen.filter(({ weight }) => weight === undefined).map(podTerm);
  const preferred = chosen.flatMap((term) =>
    term.weight === undefined ? [] : [{ weight: term.weight, podAffinityTerm: podTerm(term) }],
  );
  return {
    ...(required.length > 0 && { requiredDuringSchedulingIgnoredDuringExecution: required }),
    ...(preferred.length > 0 && { preferredDuringSchedulingIgnoredDuringExecution: preferred }),
  };
}

function podTerm(term: PodTerms[number]): V1PodAffinityTerm {
  const { matchNamespaceExpressions = [], matchNamespaceLabels, namespaces = [] } = term;
  const selector = selectorOf(term.matchPodExpressions ?? [], term.matchPodLabels);
  const namespaceSelector = selectorOf(matchNamespaceExpressions, matchNamespaceLabels);
  return {
    topologyKey: term.topologyKey,
    ...(selector && { labelSelector: selector }),
    ...(namespaceSelector && { namespaceSelector }),
    ...(namespaces.length > 0 && { namespaces }),
  };
}

function selectorOf(
  matchExpressions: NonNullable<PodTerms[number]['matchPodExpressions']>,
  matchLabels: Readonly<Record<string, string>> | undefined,
): V1PodAffinityTerm['labelSelector'] {
  if (matchExpressions.length === 0 && matchLabels === undefined) return undefined;
  return {
    ...(matchExpressions.length > 0 && { matchExpressions }),
    ...(matchLabels && { matchLabels }),
  };
}

function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

/** Reads a value that came from an input, which may be JSON as a text. */
function read<T>(schema: z.ZodType<T>, value: unknown, field: string): T {
  let json = value;
  if (typeof value === 'string') {
    try {
      json = JSON.parse(value);
    } catch {
      json = value;
    }
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new UserError('FER6046', {
    problem: `the value of ${field} does not read: ${parsed.error.issues.map(({ path, message }) => `${[field, ...path].join('.')}: ${message}`).join('; ')}`,
    fix: 'give it as Kubernetes writes it in a pod',
  });
}
