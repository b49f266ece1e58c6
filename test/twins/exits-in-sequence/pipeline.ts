import { component, eq, onExit, pipeline, when, type FinalStatus } from 'ferrule';

export const step = component({ image: 'a' }, ({ text }: { text: string }): string => text);
export const clean = component(
  { image: 'a' },
  ({ folder = 'x' }: { status: FinalStatus; folder?: string }) => void folder,
);
export const tell = component({ image: 'a' }, (_inputs: { text: string }) => {});

export default pipeline('exits-in-sequence', { text: 'a' }, ({ text }) => {
  const firstExit = clean();
  const secondExit = tell({ text });
  const first = onExit(firstExit, () => step({ text }));
  const thirdExit = clean({ folder: 'y' });
  const second = onExit(secondExit, () => step({ text }, { after: [first] }), { name: 'second' });
  onExit(thirdExit, () => {
    const before = step({ text: 'third' });
    when(eq(before.outputs.Output, 'x'), () => step({ text }, { after: [first] }));
  });
  step({ text: 'last' }, { after: [first, second] });
});
