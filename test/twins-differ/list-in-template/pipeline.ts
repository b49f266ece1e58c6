import { component, pipeline } from 'ferrule';

export const use = component({ image: 'a' }, (_inputs: { text: string }) => {});

export default pipeline('list-in-template', { names: ['a'] }, ({ names }) => {
  use({ text: `all of ${names}` });
});
