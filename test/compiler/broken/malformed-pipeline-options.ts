import { component, pipeline } from 'ferrule';

export const step = component({ image: 'a' }, () => {});

export default pipeline(
  // @ts-expect-error what TypeScript refuses is refused here too
  {
    name: 'Malformed',
    displayName: 3,
    title: 'x',
    workspace: { size: 'much', kubernetes: { pvcSpecPatch: () => {} } },
    ttl: { onCompletion: '1 week', later: '1h' },
    deadline: '99999d',
  },
  {},
  () => {
    step();
  },
);
