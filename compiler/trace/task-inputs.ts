/** Checks what a task is given against its interface. */
import type { Location } from '../../errors/index.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { ComponentInterface } from '../interfaces/component-interface.ts';
import { isPlainObject } from '../options/option-reader.ts';
import { assign } from './assign.ts';
import { nearest } from './nearest.ts';
import { refOf } from './ref.ts';
import type { Templates } from './template.ts';
import type { Binding } from './traced-task.ts';

/** Binds a task's inputs by name. What does not fit is reported and left out. */
export function bindInputs(
  component: ComponentInterface,
  inputs: unknown,
  place: () => Location,
  templates: Templates,
  diagnostics: Diagnostics,
): ReadonlyMap<string, Binding> {
  const bindings = new Map<string, Binding>();
  const given = inputs === undefined ? {} : inputs;
  if (!isPlainObject(given)) {
    diagnostics.add('FER2006', {
      at: place(),
      problem: `"${component.name}" takes its inputs as one object`,
      fix: `write ${component.name}({ ... })`,
    });
    return bindings;
  }
  const ports = new Map(component.inputs.map((port) => [port.name, port]));
  for (const name of Object.keys(given))
    if (!ports.has(name) && given[name] !== undefined)
      diagnostics.add('FER2005', {
        at: place(),
        problem: `"${component.name}" has no input "${name}"`,
        fix: nearest(name, [...ports.keys()]),
      });
  for (const port of component.inputs) {
    const value = given[port.name];
    if (value === undefined) {
      if (!port.optional)
        diagnostics.add('FER2004', {
          at: place(),
          problem: `"${component.name}" needs the input "${port.name}", and got none`,
          fix: `pass it: ${component.name}({ ${port.name}: ... })`,
        });
      continue;
    }
    const source = refOf(value)?.source;
    if (!port.optional && source?.kind === 'parameter' && source.absent)
      diagnostics.add('FER2004', {
        at: place(),
        problem: `"${component.name}" needs the input "${port.name}", and a run may have no value for the parameter "${source.name}"`,
        fix: 'give the parameter a default, or let the component do without the input',
      });
    const assigned = assign(value, port.type, port.name, templates);
    if (assigned.kind === 'fits') bindings.set(port.name, assigned.binding);
    else {
      const { code, what, problem, fix } = assigned.misfit;
      const subject = `the input "${what}" of "${component.name}"`;
      diagnostics.add(code, { at: place(), problem: `${subject} ${problem}`, fix });
    }
  }
  return bindings;
}
