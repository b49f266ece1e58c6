import {
  component,
  loadComponent,
  onExit,
  pipeline,
  required,
  type Artifact,
  type FinalStatus,
  type Html,
  type Int,
  type Model,
  type TaskConfig,
} from 'ferrule';

interface Inputs {
  readonly a: Artifact;
  readonly h: readonly Html[];
  readonly cfg: TaskConfig;
  readonly st: FinalStatus;
  readonly n?: Int;
}

const every = loadComponent<Inputs, { o: Model }>('./every.yaml', import.meta.url);
export const first = component({ image: 'a' }, (): Int => 1);

export default pipeline(
  'load-every',
  { a: required<Artifact>(), h: required<readonly Html[]>() },
  ({ a, h }) => {
    onExit(every({ a, h }), () => {
      first();
    });
  },
);
