import { component, pipeline } from 'ferrule';

export const use = component({ image: 'a' }, (_inputs: { text: string; more: string; yes: string }) => {});

export default pipeline('unicode', { text: '日本 é 🦉 \\ end ' }, ({ text }) => {
  use({ text, more: '- yes: no # 1e3\nsecond line\t"x"  \u0085\u2028', yes: 'yes' });
});
