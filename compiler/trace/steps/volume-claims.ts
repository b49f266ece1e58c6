/** KFP's two components that make and delete volume claims, by the names that KFP has for their inputs. */
import type { ComponentInterface, Port } from '../../interfaces/component-interface.ts';
import type { ContainerSettings } from './container-template.ts';
import type { Binding } from '../traced-task.ts';

interface Claim {
  /** As pipelines see it. */
  readonly component: ComponentInterface;
  readonly settings: ContainerSettings;
}

const text = { kind: 'string' } as const;
const input = (name: string, type: Port['type'], more: Partial<Port> = { optional: true }): Port => ({
  name,
  type,
  optional: false,
  ...more,
});

export const claims: Readonly<Record<'createPvc' | 'deletePvc', Claim>> = {
  createPvc: {
    component: {
      name: 'createpvc',
      file: '',
      inputs: [
        input('accessModes', { kind: 'list', element: text }, {}),
        input('size', text, {}),
        input('pvcName', text),
        input('pvcNameSuffix', text),
        input('storageClassName', text, { optional: true, default: '' }),
        input('volumeName', text),
        input('annotations', { kind: 'struct', values: text }),
        input('dataSource', { kind: 'struct', values: text }),
      ],
      outputs: [input('name', text, {})],
    },
    settings: stub('argostub/createpvc'),
  },
  deletePvc: {
    component: { name: 'deletepvc', file: '', inputs: [input('pvcName', text, {})], outputs: [] },
    settings: stub('argostub/deletepvc'),
  },
};

function stub(image: string): ContainerSettings {
  return { image, command: [], args: [], env: {}, cached: true, resources: {}, kubernetes: {} };
}

/** Tells what is wrong with how a claim is named; undefined where nothing is. */
export function claimFault(
  name: 'createPvc' | 'deletePvc',
  inputs: ReadonlyMap<string, Binding>,
): string | undefined {
  if (name === 'deletePvc') return undefined;
  const given = ['pvcName', 'pvcNameSuffix'].filter((input) => inputs.has(input));
  if (given.length === 1) return undefined;
  return given.length === 0 ? 'is given no name' : 'is given both a name and the end of one';
}

/** Names a claim's inputs as KFP does: `accessModes` is `access_modes` there. */
export function kfpNames(
  component: ComponentInterface,
  inputs: ReadonlyMap<string, Binding>,
): { readonly component: ComponentInterface; readonly inputs: ReadonlyMap<string, Binding> } {
  return {
    component: {
      ...component,
      inputs: component.inputs.map((port) => ({ ...port, name: snakeCase(port.name) })),
    },
    inputs: new Map([...inputs].map(([name, binding]) => [snakeCase(name), binding])),
  };
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
