import { component, createPvc, deletePvc, pipeline } from 'ferrule';

export const step = component({ image: 'a' }, () => {});

export default pipeline('kubernetes-claims', { claim: 'given' }, ({ claim }) => {
  const made = createPvc({ accessModes: ['ReadWriteOnce'], size: '5Gi', pvcNameSuffix: '-data' });
  const first = step(
    {},
    {
      kubernetes: {
        volumes: [
          { claim: made.outputs.name, mountPath: '/data' },
          { claim: 'fixed', mountPath: '/fixed', subPath: 'inner' },
        ],
      },
    },
  );
  step({}, { kubernetes: { volumes: [{ claim, mountPath: '/given' }] } });
  deletePvc({ pvcName: made.outputs.name }, { after: [first] });
});
