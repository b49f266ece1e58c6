/** Which of a task's settings its component hands on: KFP's task config passthroughs. */
import type { OptionReader } from './option-reader.ts';

export interface PassthroughSettings {
  /** KFP's name of the setting. */
  readonly field: string;
  readonly applyToTask: boolean;
}

const fields: Readonly<Record<string, string>> = {
  resources: 'RESOURCES',
  env: 'ENV',
  affinity: 'KUBERNETES_AFFINITY',
  tolerations: 'KUBERNETES_TOLERATIONS',
  nodeSelector: 'KUBERNETES_NODE_SELECTOR',
  volumes: 'KUBERNETES_VOLUMES',
};

/** Tells the name that an option has for a setting of KFP's. */
export function settingOf(field: string): string {
  return Object.keys(fields).find((name) => fields[name] === field) ?? field;
}

/** Reads the option `taskConfigPassthroughs`. */
export function readPassthroughs(reader: OptionReader): PassthroughSettings[] {
  return reader.entries('taskConfigPassthroughs').flatMap(({ list, index, reader: inside }) => {
    const value = list.get(index);
    const entry = typeof value === 'string' ? undefined : inside();
    entry?.refuseOthers(['field', 'applyToTask']);
    const name = entry === undefined ? value : entry.text('field');
    const field = typeof name === 'string' ? fields[name] : undefined;
    if (field === undefined) {
      list.fault(index, 'names no setting', `write one of ${Object.keys(fields).join(', ')}`);
      return [];
    }
    return [{ field, applyToTask: entry?.flag('applyToTask') ?? false }];
  });
}
