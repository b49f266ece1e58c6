import { component, pipeline } from 'ferrule';

export const fail = component({}, async () => {
  throw new RangeError('the sea is rough');
});

export const clean = component(
  {},
  async ({ what }: { readonly what: string }): Promise<string> => `cleaned ${what}`,
);

export default pipeline('ignored-failure', { what: 'the deck' }, ({ what }) => {
  const failed = fail({});
  return clean({ what }, { after: [failed], ignoreUpstreamFailure: true }).outputs;
});
