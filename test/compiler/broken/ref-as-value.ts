import { component, int, pipeline, type Int } from 'ferrule';

export const step = component({ image: 'a' }, (inputs: { text?: string; n?: Int; flag?: boolean }): Int => 1);

export default pipeline('ref-as-value', { who: 'me', n: int(1), flag: true, list: ['a'] }, ({ who, n, flag, list }) => {
  const made = step({}).outputs.Output;
  if (flag) step({});
  while (flag) break;
  for (; flag; ) break;
  const a = flag ? 'a' : 'b';
  const b = who ?? 'nobody';
  const c = who || 'nobody';
  const d = flag && who;
  const e = !flag;
  if (who === 'me') step({});
  if (made > 3) step({});
  switch (n) {
    case 1:
  }
  const f = n + 1;
  const g = 'by ' + who;
  const h = -n;
  const i = Math.max(n, 3);
  const j = [...list];
  const k = JSON.stringify({ who });
  step({ text: `by ${who}`.toUpperCase() });
  step({ text: `by ${who}`.slice(0, 5) });
  step({ text: g, n: f });
});
