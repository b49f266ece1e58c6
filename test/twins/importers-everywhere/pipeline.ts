import {
  component,
  eq,
  forEach,
  importer,
  onExit,
  pipeline,
  required,
  when,
  type Dataset,
  type Model,
  type Ref,
} from 'ferrule';

export const where = component({ image: 'a' }, (): string => 's3://b/found');
export const use = component({ image: 'a' }, (_inputs: { data: Dataset; model: Model }) => {});

function both(uri: Ref<string>, note: Ref<string>) {
  const data = importer<Dataset>(
    {
      uri: 's3://b/data',
      reimport: true,
      downloadToWorkspace: true,
      metadata: { note, deep: { list: [1, true, note], none: null } },
    },
    { displayName: 'The data', retry: { maxAttempts: 2 }, cache: false },
  );
  const model = importer<Model>({ uri }, { after: [data] });
  return use({ data: data.outputs.artifact, model: model.outputs.artifact });
}

export default pipeline(
  { name: 'importers-everywhere', workspace: { size: '2Gi' } },
  { uri: required<string>(), note: 'n', flag: true },
  ({ uri, note, flag }) => {
    const found = where().outputs.Output;
    onExit(where(), () => {
      both(uri, note);
      forEach([1, 2], () => both(found, note));
      when(eq(flag, true), () => both(uri, note)).otherwise(() => both(uri, found));
    });
  },
);
