import { component, pipeline, required, type FinalStatus, type TaskConfig } from 'ferrule';

export const tell = component({}, (_: { state: string }) => {});

export default pipeline(
  'told',
  {
    config: required<TaskConfig>(),
    status: required<FinalStatus>(),
  },
  ({ status }) => {
    tell({ state: status.state });
  },
);
