/** What the compiler writes for pods is what the Kubernetes runner reads. */
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { compilePipeline } from '../../compiler/index.ts';
import { executorConfigSchema } from '../../runners/kubernetes/job/executor-config.ts';
import { readPipelineDocument } from '../../spec/pipeline-document.ts';
import { writePipelineYaml } from '../../spec/yaml.ts';
import { testProject } from './project.ts';

const root = path.join(import.meta.dirname, '..', '..');
const twins = path.join(import.meta.dirname, '..', 'twins');
const cacheFolder = path.join(mkdtempSync(path.join(tmpdir(), 'ferrule-kubernetes-')), 'cache');

test.each(readdirSync(twins).filter((name) => name.startsWith('kubernetes-')))(
  'the runner understands the settings of the twin %s',
  async (name) => {
    const file = path.join(twins, name, 'pipeline.ts');
    const { compiled } = await compilePipeline({ file, projectRoot: root, cacheFolder, env: {} });
    const executors = compiled.platform?.platforms.kubernetes?.deploymentSpec?.executors ?? {};
    expect(Object.keys(executors).length).toBeGreaterThan(0);
    for (const settings of Object.values(executors)) executorConfigSchema.parse(settings);
  },
);

const everything = `
import { component, pipeline } from 'ferrule';
export const step = component({}, () => {});
export default pipeline('everything', { name: 'n' }, ({ name }) => {
  step({}, { kubernetes: {
    podAffinity: [
      { matchPodLabels: { app: 'db' }, topologyKey: 'zone', namespaces: ['a'], weight: 5, anti: true },
      { matchPodExpressions: [{ key: 'a', operator: 'In', values: ['b'] }], topologyKey: 'host',
        matchNamespaceLabels: { team: 'x' }, matchNamespaceExpressions: [{ key: 'n', operator: 'Exists' }] },
    ],
    sharedMemory: { size: '1Gi' },
    initContainers: [{ name: 'warm', image: 'busybox', command: ['true'], args: ['a'], env: { A: 'b' },
      volumeMounts: [{ volumeName: 'scratch', mountPath: '/s' }], restartPolicy: 'Always',
      resources: { requests: { cpu: '1' }, limits: { memory: '1Gi' } } }],
    emptyDirs: [{ name: 'scratch', mountPath: '/s' }],
  } });
  step({}, { kubernetes: { sharedMemory: {} } });
});
`;

describe('what has no function in Python', () => {
  test('pod affinity, shared memory and init containers are written as KFP has them', async () => {
    const { compiled } = await testProject({ 'pipeline.ts': everything }).compile();
    const executors = compiled.platform?.platforms.kubernetes?.deploymentSpec?.executors ?? {};
    for (const settings of Object.values(executors)) executorConfigSchema.parse(settings);
    expect(executors).toEqual({
      'exec-step': {
        podAffinity: [
          {
            matchPodLabels: { app: 'db' },
            topologyKey: 'zone',
            namespaces: ['a'],
            weight: 5,
            anti: true,
          },
          {
            matchPodExpressions: [{ key: 'a', operator: 'In', values: ['b'] }],
            topologyKey: 'host',
            matchNamespaceLabels: { team: 'x' },
            matchNamespaceExpressions: [{ key: 'n', operator: 'Exists' }],
          },
        ],
        enabledSharedMemory: { size: '1Gi' },
        initContainers: [
          {
            name: 'warm',
            image: 'busybox',
            command: ['true'],
            args: ['a'],
            env: [{ name: 'A', value: 'b' }],
            volumeMounts: [{ volumeName: 'scratch', mountPath: '/s' }],
            restartPolicy: 'Always',
            resources: { requests: { cpu: '1' }, limits: { memory: '1Gi' } },
          },
        ],
        emptyDirMounts: [{ volumeName: 'scratch', mountPath: '/s' }],
      },
      'exec-step-2': { enabledSharedMemory: {} },
    });
  });

  test('a document with all of it is read again', async () => {
    const { compiled } = await testProject({ 'pipeline.ts': everything }).compile();
    expect(readPipelineDocument(writePipelineYaml(compiled), 'everything.yaml')).toEqual(compiled);
  });
});
