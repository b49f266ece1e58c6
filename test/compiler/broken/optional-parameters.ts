import { component, optional, pipeline, type Dataset } from 'ferrule';

export const use = component({ image: 'a' }, (_inputs: { text: string; data: Dataset; note?: string }) => {});

export const inner = pipeline('inner', { text: optional<string>() }, ({ text }) => {
  use({ text, data: text, note: text });
});

export default pipeline('optional-parameters', { text: optional(), data: optional<Dataset>() }, (p: any) => {
  use({ text: 'x', data: p.data });
  inner();
  inner({ text: 3 });
});
