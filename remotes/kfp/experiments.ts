import { UserError } from '../../errors/index.ts';
import { allPages, experimentAnswer, experimentsPage, reading } from './answers.ts';
import { filterBy } from './filter.ts';
import type { KfpHttp } from './kfp-http.ts';

/** A list of runs in KFP. */
interface Experiment {
  readonly id: string;
  readonly name: string;
  readonly archived: boolean;
}

export interface Experiments {
  /** Finds an experiment by its name, or makes it. */
  ensure(name: string, description?: string): Promise<Experiment>;
  find(name: string): Promise<Experiment | undefined>;
  list(): Promise<readonly Experiment[]>;
  archive(id: string): Promise<void>;
  unarchive(id: string): Promise<void>;
  /** Removes an experiment. Its runs stay, archived. */
  delete(id: string): Promise<void>;
}

export function kfpExperiments(http: KfpHttp): Experiments {
  const { namespace } = http;
  const list = async (filter: string | undefined, doing: string): Promise<Experiment[]> => {
    const query = { page_size: filter === undefined ? 100 : undefined, filter, namespace };
    const found = await allPages(
      (page_token) => http.get('/experiments', doing, reading(experimentsPage), { page_token, ...query }),
      ({ experiments }) => experiments,
    );
    return found.map(experimentOf);
  };
  const find = async (name: string): Promise<Experiment | undefined> => {
    const found = await list(filterBy('display_name', 'equals', name), `looking for the experiment ${name}`);
    return found.find((one) => one.name === name);
  };
  return {
    find,
    list: () => list(undefined, 'listing experiments'),
    async ensure(name, description) {
      const there = await find(name);
      if (there !== undefined) return there;
      const body = { display_name: name, description, namespace };
      try {
        const doing = `making the experiment ${name}`;
        return experimentOf(await http.post('/experiments', doing, reading(experimentAnswer), body));
      } catch (error) {
        // Somebody else made it meanwhile.
        const made = error instanceof UserError && error.code === 'FER8005' ? await find(name) : undefined;
        if (made === undefined) throw error;
        return made;
      }
    },
    archive: (id) => http.order(`/experiments/${id}:archive`, `archiving the experiment ${id}`),
    unarchive: (id) => http.order(`/experiments/${id}:unarchive`, `bringing back the experiment ${id}`),
    delete: (id) => http.delete(`/experiments/${encodeURIComponent(id)}`, `deleting the experiment ${id}`),
  };
}

function experimentOf(value: ReturnType<typeof experimentAnswer.parse>): Experiment {
  return {
    id: value.experiment_id,
    name: value.display_name ?? '',
    archived: value.storage_state === 'ARCHIVED',
  };
}
