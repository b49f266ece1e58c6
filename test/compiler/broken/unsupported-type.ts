import { component, pipeline, type Dataset } from 'ferrule';

class Thing {}
type Nested = { deep: { when: Date } };

export const a = component({ image: 'a' }, (inputs: { when: Date }) => {});
export const b = component({ image: 'b' }, (inputs: { table: Map<string, number> }) => {});
export const c = component({ image: 'c' }, (inputs: { either: string | number }) => {});
export const d = component({ image: 'd' }, (inputs: { nested: Nested }) => {});
export const e = component({ image: 'e' }, (inputs: { thing: Thing }) => {});
export const f = component({ image: 'f' }, (inputs: { callback: () => void }) => {});
export const g = component({ image: 'g' }, (inputs: {}, out: { count: number; data: Dataset }) => {});
export const h = component({ image: 'h' }, (inputs, out: { data: Dataset }) => {});
export const i = component({ image: 'i' }, (inputs: { 'a-b': string }) => {});
export const j = component({ image: 'j' }, (inputs: { big: bigint; data: any }) => {});
export const k = component({ image: 'k' }, (): Promise<Date> => Promise.resolve(new Date()));
export const l = component({ image: 'l' }, (): null => null);

export default pipeline('unsupported-type', {}, () => {});
