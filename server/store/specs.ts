/** Compiled pipelines by their digest. */
import type { Kysely } from 'kysely';
import { InternalError } from '../../errors/index.ts';
import { digestOf, digestOfJson, type CompiledPipeline } from '../../spec/index.ts';
import { readPipelineDocument } from '../../spec/pipeline-document.ts';
import type { Tables } from './tables.ts';

export interface KeptSpec {
  readonly digest: string;
  readonly compiled: CompiledPipeline;
}

export interface Specs {
  /**
   * Reads a pipeline of a message, which holds a PipelineSpec or, with a platform spec, both.
   * @throws UserErrors with all that is wrong
   */
  fromMessage(value: unknown): KeptSpec;
  /** Reads a pipeline of a document. */
  fromText(text: string, file: string): KeptSpec;
  /** Keeps a pipeline. */
  keep(spec: KeptSpec, database?: Kysely<Tables>): Promise<void>;
  read(digest: string): Promise<CompiledPipeline>;
}

/** How many pipelines are remembered: clients send the same one again and again. */
const remembered = 200;

export function openSpecs(database: Kysely<Tables>): Specs {
  const byText = new Map<string, KeptSpec>();
  const byDigest = new Map<string, CompiledPipeline>();
  const kept = new Set<string>();
  const fromText = (text: string, file: string): KeptSpec => {
    const key = digestOf(text);
    const known = byText.get(key);
    if (known !== undefined) return known;
    const compiled = readPipelineDocument(text, file);
    const spec = { digest: digestOfJson(compiled), compiled };
    remember(byText, key, spec);
    return spec;
  };
  return {
    fromText,
    fromMessage(value) {
      const { pipeline_spec: spec, platform_spec: platform } = value as Readonly<Record<string, unknown>>;
      return spec === undefined
        ? fromText(JSON.stringify(value), 'pipeline_spec.json')
        : fromText(
            JSON.stringify({
              apiVersion: 'pipelines.kubeflow.org/v2beta1',
              kind: 'PipelineVersion',
              spec: { pipelineSpec: spec, ...(platform !== undefined && { platformSpec: platform }) },
            }),
            'pipeline_spec.json',
          );
    },
    async keep({ digest, compiled }, within = database) {
      if (kept.has(digest)) return;
      await within
        .insertInto('specs')
        .values({ digest, spec: JSON.stringify(compiled) })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      // Only what is committed for sure: a transaction may be rolled back.
      if (within === database) kept.add(digest);
    },
    async read(digest) {
      const known = byDigest.get(digest);
      if (known !== undefined) return known;
      const row = await database
        .selectFrom('specs')
        .selectAll()
        .where('digest', '=', digest)
        .executeTakeFirst();
      if (row === undefined)
        throw new InternalError('FER4000', { problem: `the pipeline ${digest} is not kept` });
      const compiled = JSON.parse(row.spec) as CompiledPipeline;
      remember(byDigest, digest, compiled);
      return compiled;
    },
  };
}

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > remembered && oldest !== undefined) map.delete(oldest);
}

/** Writes a pipeline as messages have it. */
export function specMessage({ spec, platform }: CompiledPipeline): Record<string, unknown> {
  return platform === undefined ? { ...spec } : { pipeline_spec: spec, platform_spec: platform };
}
