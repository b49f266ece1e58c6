/** Whatever was edited, in whatever order: a run with the cache gives what a run without it gives. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planRun, type Plan, type RunState } from '../../engine/index.ts';
import { digestOf, hexOf, type CompiledPipeline } from '../../spec/index.ts';
import { anyDigest, memoryWorld, type Call, type MemoryWorld } from './memory.ts';
import { pipelineOf, type TaskDraft } from './pipelines.ts';

const tasks = 5;

/** A project under edit. Everything a result can depend on is in it. */
interface Project {
  /** Version of each task's code. */
  readonly code: number[];
  /** A constant of each task. */
  readonly constant: number[];
  /** Which earlier task each one reads; -1 for none. */
  readonly reads: number[];
  /** Version of the metadata each task's code records. */
  readonly metadata: number[];
  readonly cached: boolean[];
  readonly salt: number[];
  parameter: number;
  /** What lies in the bucket that the first task reads. */
  bucket: number;
}

type Edit =
  | {
      readonly kind: 'code' | 'constant' | 'metadata' | 'reads' | 'salt';
      readonly task: number;
      readonly value: number;
    }
  | { readonly kind: 'cached'; readonly task: number; readonly value: boolean }
  | { readonly kind: 'parameter' | 'bucket'; readonly value: number }
  /** Not an edit of the project: an artifact in the store is spoilt, or lost. */
  | { readonly kind: 'spoil' | 'lose'; readonly value: number };

const task = fc.nat({ max: tasks - 1 });
const small = fc.nat({ max: 3 });
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({
    kind: fc.constantFrom(
      'code' as const,
      'constant' as const,
      'metadata' as const,
      'reads' as const,
      'salt' as const,
    ),
    task,
    value: small,
  }),
  fc.record({ kind: fc.constant('cached' as const), task, value: fc.boolean() }),
  fc.record({ kind: fc.constantFrom('parameter' as const, 'bucket' as const), value: small }),
  fc.record({ kind: fc.constantFrom('spoil' as const, 'lose' as const), value: fc.nat({ max: 1000 }) }),
);

function apply(project: Project, change: Edit): void {
  switch (change.kind) {
    case 'parameter':
    case 'bucket':
      project[change.kind] = change.value;
      return;
    case 'cached':
      project.cached[change.task] = change.value;
      return;
    case 'reads':
      // Only earlier tasks can be read: the graph stays without cycles.
      project.reads[change.task] = Math.min(change.value, change.task) - 1;
      return;
    case 'spoil':
    case 'lose':
      return;
    default:
      project[change.kind][change.task] = change.value;
  }
}

function compile(project: Project): CompiledPipeline {
  const drafts: Record<string, TaskDraft> = {};
  for (let index = 0; index < tasks; index++) {
    const reads = project.reads[index] ?? -1;
    const facts = `${project.code[index]} ${project.metadata[index]}`;
    drafts[`t${index}`] = {
      runs: 'work',
      // Two tasks may well have the same code: then they share entries.
      code: digestOf(facts),
      parameters: {
        facts: { constant: facts },
        constant: { constant: `${project.constant[index]}` },
        ...(index % 2 === 0 ? { parameter: '$parameter' } : {}),
        ...(reads >= 0 ? { before: `t${reads}.Output` } : {}),
        ...(index === 0 ? { bucket: { constant: 'bucket' } } : {}),
      },
      ...(reads >= 0 && { artifacts: { data: `t${reads}.data` } }),
      identity: {
        ...(index === 0 && { reads: ['bucket'] }),
        salt: `${project.salt[index]}`,
      },
      returns: { Output: 'STRING' },
      writes: { data: 'system.Dataset' },
      cache: project.cached[index] ?? true,
    };
  }
  const names = Object.keys(drafts);
  return pipelineOf({
    parameters: { parameter: 'STRING' },
    tasks: drafts,
    returns: Object.fromEntries(names.map((name) => [name, `${name}.Output`])),
    writes: Object.fromEntries(names.map((name) => [`${name}-data`, `${name}.data`])),
  });
}

/** A result that depends on all a component can see; little of it, so that different inputs often give the same. */
function worldOf(bucket: () => number): MemoryWorld {
  return memoryWorld({
    work: ({ text, parameters, read, attempt, write }: Call) => {
      const [code = '', metadata = ''] = text('facts').split(' ');
      const seen = attempt.input.inputs.artifacts?.['data']?.artifacts[0]?.metadata ?? {};
      const { facts: _, ...others } = parameters;
      const outside = parameters['bucket'] === undefined ? 0 : bucket();
      const all = hexOf(digestOf(JSON.stringify([code, others, read('data'), seen, outside])));
      write('data', `content ${Number.parseInt(all.slice(0, 4), 16) % 3}`, { kind: metadata });
      return { Output: `${Number.parseInt(all.slice(4, 8), 16) % 4}` };
    },
  });
}

/** What a run gave, without where it lies and who made it. */
function given(state: RunState): unknown {
  expect(state.failure).toBeUndefined();
  const artifacts = Object.entries(state.outputs.artifacts).map(([name, [artifact]]) => [
    name,
    artifact?.digest,
    artifact?.metadata,
  ]);
  return { parameters: state.outputs.parameters, artifacts };
}

/** Where a run did something else than its plan said. */
function brokenPromises(plan: Plan, state: RunState): string[] {
  return plan.tasks.flatMap(({ name, decision }) => {
    const found = state.tasks.find((one) => one.name === name);
    if (decision === 'hit') return found?.status === 'cached' ? [] : [`${name} was to be a hit`];
    // A task that is to run may share the result of another of the same run.
    const shared = found?.from?.runId === state.runId;
    return decision === 'run' && found?.status === 'cached' && !shared ? [`${name} was to run`] : [];
  });
}

describe('with and without the cache', () => {
  it(
    'two thousand edits give the same outputs, many of them from the cache, as planned',
    { timeout: 180_000 },
    async () => {
      let steps = 0;
      let hits = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(edit, { minLength: 20, maxLength: 20 }), async (edits) => {
          const project: Project = {
            code: Array<number>(tasks).fill(0),
            constant: Array<number>(tasks).fill(0),
            reads: [-1, 0, 1, 2, 3],
            metadata: Array<number>(tasks).fill(0),
            cached: Array<boolean>(tasks).fill(true),
            salt: Array<number>(tasks).fill(0),
            parameter: 0,
            bucket: 0,
          };
          const world = worldOf(() => project.bucket);
          for (const [step, change] of edits.entries()) {
            apply(project, change);
            const stored = [...world.contents.keys()];
            const hit =
              stored[
                change.value === true || change.value === false ? 0 : change.value % (stored.length || 1)
              ];
            if (change.kind === 'spoil' && hit !== undefined) world.contents.set(hit, 'spoilt');
            if (change.kind === 'lose' && hit !== undefined) world.contents.delete(hit);
            world.outside.set('bucket', anyDigest(project.bucket));
            const request = { compiled: compile(project), parameters: { parameter: `${project.parameter}` } };
            const runId = `run-${step}`;
            const plan = await planRun({ ...request, runId, caching: 'on', concurrency: 4 }, world.ports);
            const cached = await world.run({ ...request, runId });
            expect(brokenPromises(plan, cached)).toEqual([]);
            const fresh = worldOf(() => project.bucket);
            const plain = await fresh.run({ ...request, runId: 'plain', caching: 'off' });
            expect(given(cached)).toEqual(given(plain));
            steps += 1;
            hits += cached.tasks.filter((one) => one.status === 'cached').length;
          }
        }),
        { numRuns: 100, seed: 7 },
      );
      expect(steps).toBe(2000);
      expect(hits).toBeGreaterThan(3000);
    },
  );
});
