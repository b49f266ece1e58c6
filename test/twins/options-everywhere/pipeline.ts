import { component, eq, forEach, ne, onExit, pipeline, required, when, type Ref } from 'ferrule';

export const step = component({ image: 'a' }, ({ text = 'none' }: { text?: string }): string => text);
export const half = component({ image: 'a' }, ({ text = 'none' }: { text?: string }): string => text);

function chain(made: typeof step, text: string | Ref<string>) {
  const retry = { maxAttempts: 3, backoff: '5s', factor: 1.5, maxBackoff: '1m' } as const;
  const first = made({ text }, { retry, displayName: 'The first', cache: { key: 'key' } });
  const second = made({ text: first.outputs.Output }, { ignoreUpstreamFailure: true, cache: false });
  made({ text: 'x' }, { after: [first, second], displayName: 'The last' });
  return second;
}

export const inside = pipeline('inside', { text: required<string>() }, ({ text }) => {
  when(ne(text, 'a'), () => chain(half, text), { name: 'inner branch' });
  return { Output: chain(half, text).outputs.Output };
});

export default pipeline('options-everywhere', { text: 'a' }, ({ text }) => {
  const last = step({ text }, { cache: false, retry: { maxAttempts: 2 } });
  onExit(
    last,
    () => {
      chain(step, text);
      forEach(
        ['a', 'b'],
        (item) => {
          chain(step, item);
          when(eq(item, text), () => chain(step, text), { name: 'inner branch' });
        },
        { name: 'outer loop', parallelism: 1 },
      );
      when(
        eq(text, 'a'),
        () => {
          chain(step, text);
          forEach([1, 2], () => chain(step, text), { name: 'inner loop', parallelism: 2 });
        },
        { name: 'outer branch' },
      );
    },
    { name: 'outer' },
  );
  return { Output: inside({ text }).outputs.Output };
});
