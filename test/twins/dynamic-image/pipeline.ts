import { component, container, ne, pipeline, when } from 'ferrule';

export const choose = component({ image: 'a' }, (): string => 'busybox:1.36');
export const box = container<{ text: string }>(({ text }) => ({
  image: 'alpine:3.20',
  args: ['echo', text],
}));
export const step = component({ image: 'a' }, () => {});

export default pipeline('dynamic-image', { image: 'python:3.12', tag: '1.36' }, ({ image, tag }) => {
  step({}, { image });
  const chosen = choose();
  box({ text: 'a' }, { image: chosen.outputs.Output });
  box({ text: image }, { image: 'busybox:1.36' });
  box({ text: 'b' }, { image: `busybox:${tag}` });
  when(ne(tag, ''), () => box({ text: 'c' }, { image: `docker.io/busybox:${tag}-musl` }));
});
