import { component, pipeline } from 'ferrule';

export const step = component({ image: 'a' }, () => {});

export default pipeline('kubernetes-folders', {}, () => {
  step(
    {},
    {
      kubernetes: {
        emptyDirs: [
          { name: 'scratch', mountPath: '/scratch' },
          { name: 'memory', mountPath: '/memory', medium: 'Memory', sizeLimit: '1Gi' },
        ],
        ephemeralVolumes: [
          { name: 'one', mountPath: '/one', accessModes: ['ReadWriteOnce'], size: '5Gi' },
          {
            name: 'two',
            mountPath: '/two',
            accessModes: ['ReadWriteMany'],
            size: '1Gi',
            storageClass: 'fast',
            labels: { l: '1' },
            annotations: { a: '2' },
          },
        ],
      },
    },
  );
});
