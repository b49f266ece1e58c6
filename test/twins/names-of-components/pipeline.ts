import { component, pipeline } from 'ferrule';

export const load2FilesV3 = component({ image: 'a' }, (): string => 'x');
export const x2y = component({ image: 'a' }, ({ text }: { text: string }): string => text);
export const aBC2 = component({ image: 'a' }, ({ text }: { text: string }): string => text);

export default pipeline('names-of-components', {}, () => {
  const loaded = load2FilesV3({}, { name: 'load-2-files-v3' });
  x2y({ text: loaded.outputs.Output }, { name: 'x2y' });
  const done = x2y({ text: 'b' }, { name: 'x2y' });
  aBC2({ text: done.outputs.Output }, { name: 'a-b-c-2' });
  aBC2({ text: 'a' }, { name: 'a-b-c-2' });
});
