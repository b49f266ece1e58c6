/** Messages made at random mean the same before and after they are read and written. KFP's own reader is the judge. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalize } from '../../spec/normalize.ts';
import type { PipelineSpec } from '../../spec/pipeline-spec.ts';
import type { PlatformSpec } from '../../spec/platform-spec.ts';
import { readDocuments } from '../../spec/read-documents.ts';
import { validate } from '../../spec/validate.ts';
import { writePipelineYaml } from '../../spec/yaml.ts';
import { kfpPython } from '../counterparts.ts';
import { messagesOf } from './arbitrary-message.ts';
import { differencesOf } from './oracle.ts';

// The same messages each time, so that a change is judged by what it changes.
fc.configureGlobal({ seed: 23 });

const pipelines = messagesOf('PipelineSpec', 6);
const platforms = messagesOf('PlatformSpec', 4);

test('any message has one form, without faults, and is read as it was written', () => {
  fc.assert(
    fc.property(pipelines, platforms, (pipeline, settings) => {
      const [spec, platform] = [normalize(pipeline, 'PipelineSpec'), normalize(settings, 'PlatformSpec')];
      expect(validate(spec, 'PipelineSpec')).toEqual([]);
      expect(validate(platform, 'PlatformSpec')).toEqual([]);
      expect(normalize(spec, 'PipelineSpec')).toEqual(spec);
      // Sound, as is said above.
      const text = writePipelineYaml({ spec: spec as PipelineSpec, platform: platform as PlatformSpec });
      expect(readDocuments(text, 'p.yaml').map(({ value }) => value)).toEqual([spec, platform]);
    }),
    { numRuns: 100 },
  );
});

test.each(['KubernetesExecutorConfig', 'ExecutorInput', 'ExecutorOutput', 'PipelineTaskFinalStatus'])(
  'any %s has one form, without faults',
  (name) => {
    fc.assert(
      fc.property(messagesOf(name, 4), (message) => {
        const one = normalize(message, name);
        expect(validate(one, name)).toEqual([]);
        expect(normalize(one, name)).toEqual(one);
      }),
      { numRuns: 50 },
    );
  },
);

describe.skipIf(kfpPython === undefined)('for KFP', () => {
  test('any message in its one form, as YAML, is the message that it was', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'ferrule-messages-'));
    const samples = fc.sample(fc.tuple(pipelines, platforms), 150);
    const pairs = samples.map(([pipeline, settings], index) => {
      const [given, written] = [path.join(folder, `${index}.json`), path.join(folder, `${index}.yaml`)];
      writeFileSync(given, JSON.stringify([pipeline, settings]));
      const spec = normalize(pipeline, 'PipelineSpec') as PipelineSpec;
      const platform = normalize(settings, 'PlatformSpec') as PlatformSpec;
      writeFileSync(written, writePipelineYaml({ spec, platform }));
      return [given, written] as const;
    });
    const differences = differencesOf(pairs).map((difference, index) =>
      difference === '' ? '' : `${difference}\n${JSON.stringify(samples[index])}`,
    );
    expect(differences.filter((difference) => difference !== '')).toEqual([]);
  });
});
