import { component, pipeline } from 'ferrule';

export const choose = component({ image: 'a' }, (): { readonly Output: Record<string, string> } => ({
  Output: {},
}));
export const step = component({ image: 'a' }, () => {});

export default pipeline(
  'kubernetes-given',
  { selector: { disk: 'ssd' }, affinity: { a: 'b' }, toleration: { key: 'k' }, tolerations: ['a'] },
  ({ selector, affinity, toleration, tolerations }) => {
    step(
      {},
      {
        kubernetes: {
          nodeSelector: selector,
          nodeAffinity: [affinity],
          tolerations: [toleration, tolerations],
        },
      },
    );
    const chosen = choose().outputs.Output;
    step({}, { kubernetes: { nodeSelector: chosen, tolerations: [chosen] } });
  },
);
