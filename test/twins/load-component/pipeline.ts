import { component, int, loadComponent, pipeline, type Int } from 'ferrule';

interface GreetInputs {
  readonly name: string;
  readonly times?: Int;
  readonly rate?: number;
  readonly loud?: boolean;
  readonly tags?: readonly string[];
  readonly extra?: Readonly<Record<string, Int>>;
}
interface GreetOutputs {
  readonly Output: string;
}

export const greet = loadComponent<GreetInputs, GreetOutputs>('./greet.yaml', import.meta.url);
export const note = component({ image: 'a' }, (_inputs: { text: string }) => {});

export default pipeline('load-component', { name: 'Ada', times: int(3) }, ({ name, times }) => {
  const first = greet({ name, times });
  const again = greet(
    { name: first.outputs.Output, loud: true, tags: ['x', 'y'], extra: { k: 1 }, rate: 0.25 },
    { env: { A: 'b' }, cpu: 1, cache: false, displayName: 'Again' },
  );
  note({ text: again.outputs.Output });
});
