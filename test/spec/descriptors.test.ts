/** Holds the table of messages against the descriptors of the packages kfp and kfp-kubernetes. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { messages, type Kind } from '../../spec/schema.ts';
import { kfpPython } from '../counterparts.ts';

type Described =
  | string
  | { readonly message: string }
  | { readonly enum: readonly string[] }
  | { readonly map: Described }
  | { readonly list: Described };
type Descriptor = Readonly<Record<string, { readonly kind: Described; readonly oneof: string | null }>>;

/** Messages that nothing else leads to, by our names and by protobuf's. */
const roots = [
  ['PipelineSpec', 'ml_pipelines.PipelineSpec'],
  ['DeploymentSpec', 'ml_pipelines.PipelineDeploymentConfig'],
  ['PlatformSpec', 'ml_pipelines.PlatformSpec'],
  ['KubernetesExecutorConfig', 'kfp_kubernetes.KubernetesExecutorConfig'],
  ['ExecutorInput', 'ml_pipelines.ExecutorInput'],
  ['ExecutorOutput', 'ml_pipelines.ExecutorOutput'],
  ['PipelineTaskFinalStatus', 'ml_pipelines.PipelineTaskFinalStatus'],
] as const;

describe.skipIf(kfpPython === undefined)('the table of messages and the descriptors of kfp', () => {
  let descriptors: Readonly<Record<string, Descriptor>> = {};
  beforeAll(() => {
    const script = path.join(import.meta.dirname, 'descriptors.py');
    descriptors = JSON.parse(
      execFileSync(kfpPython ?? '', [script], { encoding: 'utf8' }),
    ) as typeof descriptors;
  });

  /** Compares a message of ours and one of theirs, and all that they lead to. */
  function differences(roots: readonly (readonly [string, string])[]): {
    found: string[];
    seen: Set<string>;
  } {
    const found: string[] = [];
    const seen = new Map<string, string>();
    const visit = (ours: string, theirs: string): void => {
      if (seen.has(ours)) {
        if (seen.get(ours) !== theirs) found.push(`${ours} stands for ${theirs} and ${seen.get(ours)}`);
        return;
      }
      seen.set(ours, theirs);
      const { fields = {}, exclusive = [], explicit = [], beyond = [] } = messages[ours] ?? {};
      const descriptor = descriptors[theirs] ?? {};
      const known = Object.keys(fields).filter((name) => !beyond.includes(name));
      for (const name of Object.keys(descriptor))
        if (!known.includes(name)) found.push(`${ours} lacks ${name} of ${theirs}`);
      for (const name of known) {
        const their = descriptor[name];
        const kind = fields[name];
        if (their === undefined || kind === undefined) found.push(`${theirs} has no ${name}`);
        else compare(`${ours}.${name}`, kind, their.kind);
      }
      expectSame(`${ours}: groups of which one may be set`, exclusive, realGroups(descriptor));
      expectSame(`${ours}: scalars with presence`, explicit, syntheticScalars(descriptor));
    };
    const expectSame = (what: string, ours: unknown, theirs: unknown): void => {
      const [one, other] = [sorted(ours), sorted(theirs)];
      if (one !== other) found.push(`${what}: ${one}, not ${other}`);
    };
    const compare = (at: string, ours: Kind, theirs: Described): void => {
      if (typeof ours === 'string') {
        if (ours !== scalarOf(theirs)) found.push(`${at} is ${JSON.stringify(theirs)}, not ${ours}`);
      } else if ('oneOfTexts' in ours) {
        const names = typeof theirs === 'object' && 'enum' in theirs ? theirs.enum : [];
        expectSame(at, ours.oneOfTexts.join(), names.join());
      } else if ('structOf' in ours) expectSame(at, scalarOf(theirs), 'object');
      else if ('mapOf' in ours && typeof theirs === 'object' && 'map' in theirs)
        compare(at, ours.mapOf, theirs.map);
      else if ('listOf' in ours && typeof theirs === 'object' && 'list' in theirs)
        compare(at, ours.listOf, theirs.list);
      else if ('message' in ours && typeof theirs === 'object' && 'message' in theirs)
        visit(ours.message, theirs.message);
      else found.push(`${at} is ${JSON.stringify(theirs)}, not ${JSON.stringify(ours)}`);
    };
    for (const [ours, theirs] of roots) visit(ours, theirs);
    return { found, seen: new Set(seen.keys()) };
  }

  test('agree in every field of every message', () => {
    const { found, seen } = differences(roots);
    expect(found).toEqual([]);
    const beyond = ['InitContainer', 'InitContainerResources', 'PodResourceClaim', 'VolumeMount'];
    expect(
      Object.keys(messages)
        .filter((name) => !seen.has(name) && !name.endsWith('V1'))
        .sort(),
    ).toEqual(beyond);
  });
});

const scalarNames: Readonly<Record<string, string>> = {
  'google.protobuf.Struct': 'object',
  'google.protobuf.Value': 'value',
  'google.protobuf.Any': 'value',
  'google.protobuf.Duration': 'duration',
};

function scalarOf(kind: Described): string | undefined {
  if (typeof kind === 'string') return kind;
  return 'message' in kind ? scalarNames[kind.message] : undefined;
}

/** Groups that the proto file names; those that stand for `optional` begin with an underscore. */
function realGroups(descriptor: Descriptor): string[][] {
  const groups: Record<string, string[]> = {};
  for (const [name, { oneof }] of Object.entries(descriptor))
    if (oneof !== null && !oneof.startsWith('_')) (groups[oneof] ??= []).push(name);
  return Object.values(groups);
}

function syntheticScalars(descriptor: Descriptor): string[] {
  return Object.entries(descriptor)
    .filter(([, { oneof, kind }]) => oneof?.startsWith('_') === true && typeof kind === 'string')
    .map(([name]) => name);
}

/** Lists in lists, in any order. */
function sorted(value: unknown): string {
  if (!Array.isArray(value)) return JSON.stringify(value) ?? '';
  const lists = value.map((item: unknown) => (Array.isArray(item) ? sorted(item) : JSON.stringify(item)));
  return `[${lists.sort().join(',')}]`;
}
