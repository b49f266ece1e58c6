import { component, eq, forEach, pipeline, required, when, type JsonValue } from 'ferrule';

// oxlint-disable-next-line typescript/consistent-type-definitions -- a type, so that it passes for a record
type Item = { readonly title: string; readonly kind: string };

export const make = component({ image: 'a' }, (): string[] => []);
export const use = component(
  { image: 'a' },
  (_inputs: { text: string; struct: Readonly<Record<string, string>>; list: readonly JsonValue[] }) => {},
);

export default pipeline('item-in-every-form', { items: required<Item[]>(), tag: 't' }, ({ items, tag }) => {
  const made = make();
  forEach(items, (item) => {
    use({ text: `of ${tag}`, struct: item, list: [`${tag}`, 'x'] });
    when(eq(item.title, tag), () => use({ text: item.title, struct: { tag: `<${tag}>` }, list: [`${tag}`] }));
    forEach(made.outputs.Output, (other) => use({ text: other, struct: item, list: ['x'] }));
  });
});
