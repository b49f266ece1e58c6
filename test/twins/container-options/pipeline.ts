import { container, pipeline, run } from 'ferrule';

export const box = container<{ image: string; text?: string }>(({ image, text = 'hi' }) => ({
  image: `${image}`,
  command: ['echo'],
  args: [`${text}!`, run.taskName],
}));

export default pipeline('container-options', { image: 'busybox' }, ({ image }) => {
  const task = box(
    { image },
    {
      cpu: '500m',
      memory: '64Mi',
      env: { A: '1', B: '2' },
      cache: false,
      retry: { maxAttempts: 2 },
      displayName: 'A box',
      timeout: '1m',
      kubernetes: { imagePullPolicy: 'Never' },
    },
  );
  box({ image: 'alpine', text: image }, { after: [task] });
});
