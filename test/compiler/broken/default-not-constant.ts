import { component, pipeline } from 'ferrule';

const size = 3;
const computed = Math.max(1, 2);

export const good = component({ image: 'a' }, ({ n = size, list = [1, -2], o = { a: 'b' } }: { n?: number; list?: number[]; o?: { a: string } }) => {});
export const bad = component({ image: 'b' }, ({ n = computed }: { n?: number }) => {});
export const worse = component({ image: 'c' }, ({ when = new Date().toISOString() }: { when?: string }) => {});

export default pipeline('default-not-constant', {}, () => {
  good({});
  bad({});
  worse({});
});
