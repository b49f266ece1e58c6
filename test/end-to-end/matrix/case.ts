/** The cases of the matrix: a folder each, with a pipeline in one language or two, and what it gives wherever it runs. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonValue } from '../../../spec/index.ts';

export const runners = ['local', 'docker', 'kubernetes'] as const;
export type RunnerName = (typeof runners)[number];

/** What a run of a case gives. */
export interface Expected {
  /** What is said where it is not run at all: a code, and words. */
  readonly refused?: string;
  /** @default succeeded */
  readonly status?: 'succeeded' | 'failed';
  /** The pipeline's outputs: parameters. @default none */
  readonly outputs?: Readonly<Record<string, JsonValue>>;
  /** How each task ends, by path: groups, iterations and what is in them. */
  readonly tasks: Readonly<Record<string, string>>;
  /** Outputs of tasks that lead to no output of the pipeline, by path. */
  readonly gives?: Readonly<Record<string, Readonly<Record<string, JsonValue>>>>;
  /** What the failures of tasks say, by path. @default nothing fails */
  readonly problems?: Readonly<Record<string, string>>;
  /** What the pods of tasks have on a cluster, by path. */
  readonly pods?: Readonly<Record<string, object>>;
  /** Tasks of which on a cluster each begins when the one before has ended. */
  readonly inTurn?: readonly string[];
  /** Attempts in all, the repeated ones too. */
  readonly attempts: number;
  /** Jobs on a cluster: no more than what runs needs. @default as many as attempts */
  readonly jobs?: number;
}

/** What one runner does otherwise, and why. */
type Difference = Partial<Expected> & { readonly why: string };

interface Written extends Expected {
  /** Values for the pipeline's parameters. `{bucket}`, `{folder}` and `{image}` stand for what the test has. */
  readonly parameters?: Readonly<Record<string, JsonValue>>;
  readonly differs?: Readonly<Partial<Record<RunnerName, Difference>>>;
}

export interface MatrixCase {
  readonly name: string;
  readonly language: 'python' | 'typescript';
  /** The source. */
  readonly file: string;
  readonly parameters: Readonly<Record<string, JsonValue>>;
  readonly expected: (runner: RunnerName) => Expected;
}

const sources = { python: 'pipeline.py', typescript: 'pipeline.ts' } as const;

/** Finds the cases, by walking the folder. */
export function matrixCases(): readonly MatrixCase[] {
  const folder = import.meta.dirname;
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return names.flatMap(({ name }) => {
    const { parameters = {}, differs = {}, ...expected } = readCase(join(folder, name));
    return (['python', 'typescript'] as const)
      .map((language) => ({ language, file: join(folder, name, sources[language]) }))
      .filter(({ file }) => existsSync(file))
      .map(({ language, file }) => ({
        name,
        language,
        file,
        parameters,
        expected: (runner) => ({ ...expected, ...differs[runner] }),
      }));
  });
}

function readCase(folder: string): Written {
  // Written by hand beside the sources.
  return JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Written;
}
