import { component, eq, forEach, pipeline, when } from 'ferrule';

export const step = component({ image: 'a' }, ({ text = 'none' }: { text?: string }): string => text);
export const murmur = component({ image: 'a' }, ({ text = 'none' }: { text?: string }): string => text);

const ignoreUpstreamFailure = true;

export const quiet = pipeline('quiet', { text: 'x' }, ({ text }) => {
  const first = murmur({ text });
  return { Output: murmur({ text: first.outputs.Output }, { ignoreUpstreamFailure }).outputs.Output };
});

export default pipeline('ignore-failure-in-groups', { text: 'a' }, ({ text }) => {
  const before = step({ text });
  forEach(['a', 'b'], (name) => {
    const inside = step({ text: name });
    step({ text: inside.outputs.Output }, { ignoreUpstreamFailure });
    when(eq(name, 'a'), () =>
      step({ text: before.outputs.Output }, { after: [before], ignoreUpstreamFailure }),
    );
  });
  const done = quiet({ text: before.outputs.Output }, { ignoreUpstreamFailure });
  step({ text: done.outputs.Output }, { after: [before], ignoreUpstreamFailure });
});
