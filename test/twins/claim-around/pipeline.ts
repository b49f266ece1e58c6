import { component, createPvc, deletePvc, eq, forEach, pipeline, when } from 'ferrule';

export const use = component({ image: 'a' }, (_inputs: { text: string }) => {});

export default pipeline('claim-around', { size: '5Gi' }, ({ size }) => {
  const { name: claim } = createPvc({
    pvcNameSuffix: '-data',
    accessModes: ['ReadWriteMany'],
    size,
    storageClassName: 'standard',
  }).outputs;
  forEach(
    ['a', 'b'],
    (name) => {
      use({ text: name }, { kubernetes: { volumes: [{ claim, mountPath: '/data' }] } });
      when(eq(name, 'a'), () =>
        use({ text: 'a again' }, { kubernetes: { volumes: [{ claim, mountPath: '/data', subPath: 'a' }] } }),
      );
    },
    { name: 'users' },
  );
  const after = use({ text: 'last' }, { kubernetes: { volumes: [{ claim, mountPath: '/data' }] } });
  deletePvc({ pvcName: claim }, { after: [after] });
});
