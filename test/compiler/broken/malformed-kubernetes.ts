import { component, createPvc, int, pipeline, run } from 'ferrule';

export const step = component({ image: 'a' }, () => {});
export const hands = component({ image: 'a', taskConfigPassthroughs: ['env'] }, () => {});
// @ts-expect-error parts that there are not
export const wrongPart = component({ image: 'a', taskConfigPassthroughs: ['disk', { field: 'gpu' }] }, () => {});
export const uses = component({ image: 'a' }, (_inputs: { path: string }) => {});

export default pipeline('malformed-kubernetes', { n: int(1), name: 's' }, ({ n, name }) => {
  // @ts-expect-error what TypeScript refuses is refused here too
  step({}, { kubernetes: { secrets: [], secretEnv: [{ secret: 's' }, { keys: { a: 'A' } }], volumes: {} } });
  // @ts-expect-error a number for a name
  step({}, { kubernetes: { secretEnv: [{ secret: n, keys: { a: 'A' } }] } });
  step({}, { kubernetes: { secretVolumes: [{ secret: `x-${name}`, mountPath: '/s' }] } });
  step({}, { kubernetes: { volumes: [{ claim: '', mountPath: 'data' }], labels: { a: `${name}` } } });
  // @ts-expect-error a text for an object
  step({}, { kubernetes: { nodeSelector: name, imagePullPolicy: 'Sometimes' } });
  // @ts-expect-error an operator that there is not
  step({}, { kubernetes: { nodeAffinity: [{ matchFields: [{ key: 'a', operator: 'Like' }], weight: 101 }] } });
  step({}, { kubernetes: { securityContext: { runAsUser: -1 }, tolerations: [{ seconds: 1.5 }] } });
  // @ts-expect-error modes and media that there are not
  step({}, { kubernetes: { ephemeralVolumes: [{ name: 'a', mountPath: '/a', accessModes: ['RW'], size: '' }] } });
  step({}, { image: `${name}:1`, cpu: `${n}m`, memory: `${name}` });
  // @ts-expect-error kinds that do not fit
  step({}, { memory: n, accelerator: { type: n, count: -1 } });
  hands({}, { cpu: 1, env: { A: 'b' }, kubernetes: { nodeSelector: { a: 'b' } } });
  wrongPart();
  createPvc({ accessModes: [], size: '1Gi' });
  createPvc({ accessModes: [], size: '1Gi', pvcName: 'a', pvcNameSuffix: '-b' });
  uses({ path: `${run.workspacePath}/x` });
  // @ts-expect-error neither a salt nor a key
  step({}, { cache: { keys: 'a' } });
});
