/** Runs a container's function on placeholders, and checks what it gives back. */
import { messageOf, type Location } from '../../../errors/index.ts';
import type { Diagnostics } from '../../diagnostics.ts';
import type { ComponentInterface } from '../../interfaces/component-interface.ts';
import { readKubernetes } from '../../options/kubernetes/read-kubernetes.ts';
import type { KubernetesSettings } from '../../options/kubernetes/settings.ts';
import { isPlainObject, OptionReader } from '../../options/option-reader.ts';
import { RefReader } from '../../options/ref-option.ts';
import { readResources, type ResourceSettings } from '../../options/resources.ts';
import { commandItems } from './command-items.ts';
import { inputPlaceholders, outputPlaceholders, PlaceholderObject } from './container-placeholders.ts';

/** A container as its function describes it, placeholders written out. */
export interface ContainerSettings {
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cached: boolean;
  readonly resources: ResourceSettings;
  readonly kubernetes: KubernetesSettings;
}

/** Reads a container's function; faults are reported at `at`. */
export function readContainer(
  component: ComponentInterface,
  define: unknown,
  at: () => Location,
  diagnostics: Diagnostics,
): ContainerSettings | undefined {
  const fault = (problem: string, fix: string): void =>
    diagnostics.add('FER2037', { at: at(), problem: `the container "${component.name}": ${problem}`, fix });
  const given = templateOf(component, define, fault);
  if (given === undefined) return undefined;
  const reader = new OptionReader(given, at, diagnostics);
  reader.refuseOthers([
    'image', 'command', 'args', 'env', 'cache', 'kubernetes',
    'cpu', 'cpuRequest', 'memory', 'memoryRequest', 'accelerator',
  ]); // prettier-ignore
  const image = given['image'] instanceof PlaceholderObject ? given['image'].text : reader.text('image');
  if (image === undefined || image === '') fault('it names no image', "write image: 'alpine:3.20'");
  const constants = new RefReader();
  return {
    image: image ?? '',
    command: commandItems('command', given['command'], fault),
    args: commandItems('args', given['args'], fault),
    env: reader.textMap('env'),
    cached: reader.flag('cache') ?? true,
    resources: readResources(reader, constants),
    kubernetes: readKubernetes(reader, constants),
  };
}

function templateOf(
  component: ComponentInterface,
  define: unknown,
  fault: (problem: string, fix: string) => void,
): Record<string, unknown> | undefined {
  const form = "write: container<Inputs, Outputs>((inputs, outputs) => ({ image: '...', args: [...] }))";
  if (typeof define !== 'function') {
    fault('it is given no function', form);
    return undefined;
  }
  let given: unknown;
  try {
    given = (define as (inputs: object, outputs: object) => unknown)(
      inputPlaceholders(component, fault),
      outputPlaceholders(component, fault),
    );
  } catch (error) {
    fault(
      `its function failed: ${messageOf(error)}`,
      'it runs when the pipeline is compiled: it may only describe the container',
    );
    return undefined;
  }
  if (isPlainObject(given)) return given;
  fault('its function gives back no object', form);
  return undefined;
}
