/** Makes the cache key of a task whose inputs are known, or tells why it has none. */
import {
  compareText,
  digestOf,
  type ComponentIdentity,
  type ContainerSpec,
  type Digest,
} from '../../spec/index.ts';
import {
  digestOfFields,
  fingerprintVersion,
  type ArtifactFields,
  type CodeFields,
  type FingerprintFields,
} from './fingerprint.ts';
import type { Inputs, TaskNode } from '../graph/graph.ts';
import { identityOf } from '../identity.ts';
import type { Platform } from '../platform.ts';
import type { HostEnvironment, OutsideData } from '../ports.ts';

export type CacheKey =
  | {
      readonly kind: 'key';
      readonly fingerprint: Digest;
      readonly fields: FingerprintFields;
      /** Seconds after which an entry no longer counts. */
      readonly maxAge?: number;
    }
  | { readonly kind: 'none'; readonly reason: string };

export interface KeyQuestion {
  readonly node: TaskNode;
  readonly container: ContainerSpec;
  /** What the container's program runs in, where that is not its image. */
  readonly environment?: HostEnvironment | undefined;
  readonly inputs: Inputs;
  /** Inputs whose values are different in every run. */
  readonly runScoped: readonly string[];
  readonly platform: Platform;
  readonly outsideData: OutsideData;
}

/** Makes the key. Never guesses: what cannot be pinned means no key, and the reason. */
export async function cacheKeyOf(question: KeyQuestion): Promise<CacheKey> {
  const { node, container, inputs } = question;
  if (node.exit) return none('an exit task runs in every run');
  if (node.task.cachingOptions?.enableCache !== true)
    return none('the pipeline turns the cache off for this task');
  // A key of the pipeline's own stands for the inputs, as it does in KFP: whatever they are, they do not count.
  const cacheKey = node.task.cachingOptions.cacheKey ?? '';
  const keyed = cacheKey !== '';
  const [scoped] = question.runScoped;
  if (scoped !== undefined && !keyed) return none(`its input "${scoped}" is different in every run`);
  const identity = identityOf(container);
  const code = codeOf(container, identity, question.environment);
  if (code.kind === 'none') return code;
  const artifacts: Record<string, readonly ArtifactFields[]> = {};
  for (const [name, list] of keyed ? [] : Object.entries(inputs.artifacts)) {
    const fields: ArtifactFields[] = [];
    for (const { type, digest, metadata } of list) {
      if (digest === undefined) return none(`the content of its input "${name}" cannot be pinned`);
      fields.push({ type, digest, metadata });
    }
    artifacts[name] = fields;
  }
  const outside = keyed ? { kind: 'digests' as const, digests: {} } : await outsideDigests(question);
  if (outside.kind === 'none') return outside;
  const fields: FingerprintFields = {
    version: fingerprintVersion,
    code: code.code,
    env: Object.fromEntries((container.env ?? []).map(({ name, value }) => [name, value ?? ''])),
    secretEnv: [...(identity?.secretEnv ?? [])].sort(compareText),
    parameters: keyed ? {} : inputs.parameters,
    artifacts,
    outside: outside.digests,
    outputs: {
      parameters: mapValues(node.component.outputDefinitions?.parameters, (output) => output.parameterType),
      artifacts: mapValues(node.component.outputDefinitions?.artifacts, (output) => output.artifactType),
    },
    ...(identity?.salt !== undefined && identity.salt !== '' && { salt: identity.salt }),
    ...(keyed && { cacheKey }),
    platform: platformFields(identity, question.platform),
  };
  return {
    kind: 'key',
    fingerprint: digestOfFields(fields),
    fields,
    ...(identity?.maxAge !== undefined && { maxAge: identity.maxAge }),
  };
}

function codeOf(
  container: ContainerSpec,
  identity: ComponentIdentity | undefined,
  environment: HostEnvironment | undefined,
): { readonly kind: 'code'; readonly code: CodeFields } | { readonly kind: 'none'; readonly reason: string } {
  if (identity !== undefined) {
    const { function: name, code, natives, recipe, taskImage = false } = identity;
    if (taskImage && !isPinned(container.image)) return none(byTag(container.image));
    return {
      kind: 'code',
      code: {
        kind: 'component',
        function: name,
        code,
        ...(natives && { natives }),
        ...(recipe && { recipe }),
        ...(taskImage && { image: container.image }),
      },
    };
  }
  const { image, command = [], args = [] } = container;
  if (environment?.kind === 'unknown') return none(environment.reason);
  if (environment === undefined && !isPinned(image)) return none(byTag(image));
  const moving = [...command, ...args].map((text) => movingPlaceholder.exec(text)?.[0]).find(Boolean);
  if (moving !== undefined)
    return none(`its arguments hold something that is different in every run: ${moving}`);
  if (environment === undefined) return { kind: 'code', code: { kind: 'container', image, command, args } };
  const { interpreter, packages, source } = environment;
  return { kind: 'code', code: { kind: 'program', interpreter, packages, source: digestOf(source), args } };
}

function isPinned(image: string): boolean {
  return /@sha256:[0-9a-f]{64}$/.test(image);
}

function byTag(image: string): string {
  return `its image ${image} is named by a tag, which can come to mean another image`;
}

/** What stands for another text in every run. */
const movingPlaceholder = /\{\{\$\.(?:pipeline_|inputs\.artifacts\[[^\]]*\]\.uri)[^}]*\}\}/;

/** Digests what lies at the locations that the component reads by itself. */
export async function outsideDigests(
  question: KeyQuestion,
): Promise<
  | { readonly kind: 'digests'; readonly digests: Readonly<Record<string, Digest>> }
  | { readonly kind: 'none'; readonly reason: string }
> {
  const identity = identityOf(question.container);
  const digests: Record<string, Digest> = {};
  for (const name of identity?.reads ?? []) {
    const value = question.inputs.parameters[name];
    const locations = Array.isArray(value) ? value : [value];
    for (const [index, location] of locations.entries()) {
      if (typeof location !== 'string') continue;
      const found = await question.outsideData.digest(location);
      if (found.kind === 'digest')
        digests[locations.length === 1 ? name : `${name}[${index}]`] = found.digest;
      else if (identity?.maxAge === undefined)
        return none(`what lies at ${location} cannot be digested: ${found.reason}`);
    }
  }
  return { kind: 'digests', digests };
}

function platformFields(identity: ComponentIdentity | undefined, platform: Platform): Record<string, string> {
  const facts: Readonly<Record<string, string>> = {
    platform: platform.platform,
    node: (platform.node ?? 'unknown').split('.')[0] ?? 'unknown',
    accelerator: platform.accelerator ?? 'none',
  };
  return Object.fromEntries((identity?.vary ?? []).map((part) => [part, facts[part] ?? 'unknown']));
}

function mapValues<T, R>(
  record: Readonly<Record<string, T>> | undefined,
  map: (value: T) => R,
): Record<string, R> {
  return Object.fromEntries(Object.entries(record ?? {}).map(([key, value]) => [key, map(value)]));
}

function none(reason: string): { readonly kind: 'none'; readonly reason: string } {
  return { kind: 'none', reason };
}
