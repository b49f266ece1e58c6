import { component, eq, ne, pipeline, when } from 'ferrule';

export const use = component({ image: 'a' }, () => {});

export default pipeline('quotes-in-conditions', { text: 'a' }, ({ text }) => {
  when(eq(text, "it's"), () => use());
  when(ne(text, 'a\\b\n'), () => use());
});
