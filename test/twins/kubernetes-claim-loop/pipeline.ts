import { component, createPvc, forEach, int, pipeline, type Int } from 'ferrule';

export const step = component({ image: 'a' }, (_inputs: { n: Int }) => {});

export default pipeline('kubernetes-claim-loop', { claim: 'given' }, ({ claim }) => {
  const made = createPvc({ accessModes: ['ReadWriteMany'], size: '1Gi', pvcName: 'shared' });
  forEach([int(1), int(2), int(3)], (n) => {
    step(
      { n },
      {
        kubernetes: {
          volumes: [
            { claim: made.outputs.name, mountPath: '/data' },
            { claim, mountPath: '/given', subPath: 'x' },
          ],
        },
      },
    );
  });
});
