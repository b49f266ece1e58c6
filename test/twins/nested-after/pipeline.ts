import { component, pipeline } from 'ferrule';

export const first = component({ image: 'a' }, () => {});
export const inside = component({ image: 'b' }, () => {});
export const last = component({ image: 'c' }, () => {});

export const inner = pipeline('inner', {}, () => {
  const a = inside({});
  inside({}, { after: [a] });
});

export default pipeline('nested-after', {}, () => {
  const begun = first({});
  const done = inner({}, { after: [begun] });
  const again = inner({}, { after: [begun, done] });
  last({}, { after: [again] });
});
