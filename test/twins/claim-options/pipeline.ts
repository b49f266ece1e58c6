import { createPvc, deletePvc, pipeline } from 'ferrule';

export default pipeline('claim-options', { size: '1Gi', labels: { a: 'b' } }, ({ size, labels }) => {
  createPvc(
    {
      accessModes: ['ReadWriteMany', 'ReadOnlyMany'],
      size,
      pvcName: 'fixed',
      storageClassName: 'fast',
      volumeName: 'pv-1',
      annotations: labels,
      dataSource: { kind: 'VolumeSnapshot', name: 'snap', apiGroup: 'snapshot.storage.k8s.io' },
    },
    { cache: false, displayName: 'Make it' },
  );
  deletePvc({ pvcName: 'old' });
  deletePvc({ pvcName: size });
});
