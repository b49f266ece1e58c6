import { component, eq, forEach, pipeline, when } from 'ferrule';

export const use = component({ image: 'a' }, (_inputs: { text: string }) => {});

let leaked: any;
export const inner = pipeline('inner', {}, () => {
  leaked = forEach(['a'], (text) => use({ text }));
});

export default pipeline('after-groups', { mode: 'a' }, ({ mode }): void => {
  inner();
  const branch = when(eq(mode, 'a'), () => use({ text: 'a' }));
  use({ text: 'after a branch that may not run' }, { after: [branch as any] });
  use({ text: 'after a loop of another pipeline' }, { after: [leaked] });
  const later: any[] = [];
  const loop = forEach(['a'], (text) => use({ text }, { after: later }));
  later.push(use({ text: 'in a circle' }, { after: [loop] }));
});
