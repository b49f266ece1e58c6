import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openWorkbench, type Workbench } from '../../cli/compose.ts';
import { startRun } from '../../engine/index.ts';
import type { ArtifactRecord, RunState } from '../../engine/ports.ts';
import { checkParameters, type JsonValue } from '../../spec/index.ts';
import { readPipelineDocument } from '../../spec/pipeline-document.ts';
import { kfpPython } from '../counterparts.ts';

/** What a case says of itself, and what became of it under kfp.local. */
interface Told {
  readonly title: string;
  readonly arguments: Readonly<Record<string, JsonValue>>;
  /** Where kfp.local is known to be wrong: what is right, and why. */
  readonly expected: Readonly<Record<string, JsonValue>> | null;
  readonly expectedFiles: readonly string[] | null;
  readonly reason: string | null;
  /** Part of the words of a run that must fail. */
  readonly fails: string | null;
  readonly theirs: Ended;
}

interface Ended {
  readonly kind: 'succeeded' | 'failed';
  readonly outputs?: Readonly<Record<string, JsonValue>>;
  readonly words?: string;
  /** What tasks wrote to the folder that the case was given. */
  readonly files: Readonly<Record<string, string>>;
}

const folder = import.meta.dirname;
const cases = readdirSync(join(folder, 'cases'))
  .filter((name) => name.endsWith('.py'))
  .map((name) => basename(name, '.py'));

/** The cases that set one of the two, or neither. */
function casesWith(what: 'EXPECTED' | 'FAILS' | 'neither'): string[] {
  return cases.filter((name) => {
    const source = readFileSync(join(folder, 'cases', `${name}.py`), 'utf8');
    const set = (['EXPECTED', 'FAILS'] as const).find((mark) => source.includes(`\n${mark} = `));
    return (set ?? 'neither') === what;
  });
}

describe.skipIf(kfpPython === undefined)('a pipeline in Python, beside kfp.local', () => {
  let told: Readonly<Record<string, Told>> = {};
  let scratch = '';
  let workbench: Workbench;

  beforeAll(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'ferrule-kfp-local-'));
    const output = execFileSync(kfpPython ?? '', [join(folder, 'oracle.py'), scratch], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      // The oracle is read-only for whoever else uses it.
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    });
    told = JSON.parse(output) as Readonly<Record<string, Told>>;
    const settings = {
      projectRoot: scratch,
      cacheFolder: join(scratch, 'cache'),
      root: join(scratch, 'root'),
      env: { ...process.env, FERRULE_PYTHON: kfpPython, DOCKER_HOST: 'unix:///none' },
    };
    const observer = { event: () => undefined, log: () => undefined };
    workbench = await openWorkbench(settings, observer, { kind: 'local' }, 2);
    // kfp.local runs some hundred tasks, an interpreter each.
  }, 400_000);

  afterAll(async () => {
    await workbench?.close();
    rmSync(scratch, { recursive: true, force: true });
  });

  async function ours(name: string): Promise<Ended> {
    const files = join(scratch, 'files', name);
    mkdirSync(files, { recursive: true });
    const document = join(scratch, `${name}.yaml`);
    const compiled = readPipelineDocument(readFileSync(document, 'utf8'), document);
    const given = Object.entries(told[name]?.arguments ?? {}).map(
      ([key, value]) => [key, value === 'FOLDER' ? files : value] as const,
    );
    const state = await startRun(
      {
        compiled,
        parameters: checkParameters(compiled.spec, Object.fromEntries(given)),
        runId: `${name.replaceAll('_', '-')}-${randomUUID().slice(0, 8)}`,
        caching: 'refresh',
        concurrency: 2,
      },
      workbench.ports,
    );
    return { ...endOf(state), files: contents(files) };
  }

  function endOf(state: RunState): Omit<Ended, 'files'> {
    if (state.status !== 'succeeded') {
      const failures = state.tasks.flatMap(({ failure }) => failure?.problem ?? []);
      return { kind: 'failed', words: [state.failure?.problem ?? '', ...failures].join('\n') };
    }
    const artifacts = Object.entries(state.outputs.artifacts).map(([key, list]): [string, JsonValue] => {
      const [only] = list;
      return [key, list.length === 1 && only !== undefined ? shown(only) : list.map(shown)];
    });
    return { kind: 'succeeded', outputs: { ...state.outputs.parameters, ...Object.fromEntries(artifacts) } };
  }

  function shown({ uri, type, metadata }: ArtifactRecord): JsonValue {
    const path = workbench.ports.artifacts.locate(uri);
    const content = statSync(path).isDirectory() ? contents(path) : readFileSync(path, 'utf8');
    return { type: type.schemaTitle ?? '', content, metadata };
  }

  test.each(casesWith('neither'))('%s gives what it gives there', async (name) => {
    expect(await ours(name)).toEqual(told[name]?.theirs);
  });

  test.each(casesWith('FAILS'))('%s fails as it fails there', async (name) => {
    const { theirs, fails } = told[name] ?? missing(name);
    const end = await ours(name);
    expect(end).toMatchObject({ kind: 'failed', words: expect.stringContaining(fails ?? '') });
    expect(theirs.words).toContain(fails);
    expect(end.files).toEqual(theirs.files);
  });

  test.each(casesWith('EXPECTED'))(
    '%s gives what is right, which is not what it gives there',
    async (name) => {
      const { theirs, expected, expectedFiles, reason } = told[name] ?? missing(name);
      const end = await ours(name);
      expect(reason).not.toBeNull();
      expect(end).toMatchObject({ kind: 'succeeded', outputs: expected });
      expect(Object.keys(end.files).sort()).toEqual(expectedFiles ?? []);
      // Once kfp.local is right, it is to be compared with.
      expect([theirs.outputs, Object.keys(theirs.files)]).not.toEqual([end.outputs, Object.keys(end.files)]);
    },
  );

  test('there are enough of them', () => {
    expect(cases.length).toBeGreaterThanOrEqual(38);
  });
});

function contents(place: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(place, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== 'imported.csv')
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [relative(place, file), readFileSync(file, 'utf8')]),
  );
}

function missing(name: string): never {
  throw new Error(`the oracle says nothing of ${name}`);
}
