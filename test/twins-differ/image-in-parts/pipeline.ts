import { container, pipeline } from 'ferrule';

export const box = container(() => ({ image: 'alpine:3.20', args: ['true'] }));

export default pipeline('image-in-parts', { registry: 'docker.io', tag: '1.36' }, ({ registry, tag }) => {
  box({}, { image: `${registry}/busybox:${tag}` });
});
