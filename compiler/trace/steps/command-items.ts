/** Writes the items of a container's command as KFP does. */
import type { JsonValue } from '../../../spec/index.ts';
import { StructItemObject } from '../../../sdk/placeholder.ts';
import { pythonJson } from '../../lower/python-json.ts';
import {
  ArtifactPlaceholderObject,
  PlaceholderObject,
  type ContainerFault,
} from './container-placeholders.ts';

/** Writes a command or its arguments; what is no item is reported and left out. */
export function commandItems(option: string, value: unknown, fault: ContainerFault): readonly string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    fault(`its ${option} is no list`, `write ${option}: ['sh', '-c', ...]`);
    return [];
  }
  return value.map((item: unknown, index) => {
    const written = itemOf(item, `${option}[${index}]`, fault);
    return typeof written === 'string' ? written : pythonJson(written);
  });
}

/** A text, or the structure of a concat or ifPresent. */
function itemOf(item: unknown, what: string, fault: ContainerFault): JsonValue {
  if (typeof item === 'string') return item;
  if (typeof item === 'number' && Number.isFinite(item)) return `${item}`;
  if (item instanceof PlaceholderObject) return item.text;
  if (item instanceof ArtifactPlaceholderObject) return item.toString();
  if (item instanceof StructItemObject) return structOf(item, what, fault);
  fault(`its ${what} is no text`, 'write a text, a placeholder, concat(...) or ifPresent(...)');
  return '';
}

function structOf({ item }: StructItemObject, what: string, fault: ContainerFault): JsonValue {
  if (item.kind === 'concat')
    return {
      Concat: item.items.map((part: unknown, index) => {
        if (hasLists(part))
          fault(
            `its ${what} has an ifPresent with a list inside a concat`,
            'a concat is one text: give ifPresent single items there',
          );
        return itemOf(part, `${what}.concat[${index}]`, fault);
      }),
    };
  const given: unknown = item.input;
  const isInput = given instanceof PlaceholderObject || given instanceof ArtifactPlaceholderObject;
  if (!isInput || given.input === undefined)
    fault(`its ${what} is an ifPresent of what is no input`, 'write ifPresent(inputs.label, ...)');
  const otherwise = item.absent === undefined ? '' : branchOf(item.absent, `${what}.else`, fault);
  const isEmpty = otherwise === '' || (Array.isArray(otherwise) && otherwise.length === 0);
  return {
    IfPresent: {
      InputName: isInput ? (given.input ?? '') : '',
      Then: branchOf(item.present, `${what}.then`, fault),
      ...(!isEmpty && { Else: otherwise }),
    },
  };
}

function branchOf(branch: unknown, what: string, fault: ContainerFault): JsonValue {
  if (!Array.isArray(branch)) return itemOf(branch, what, fault);
  return branch.map((item: unknown, index) => itemOf(item, `${what}[${index}]`, fault));
}

/** Whether an ifPresent gives several items, itself or one inside it. */
function hasLists(part: unknown): boolean {
  if (!(part instanceof StructItemObject) || part.item.kind !== 'ifPresent') return false;
  const { present, absent } = part.item;
  return [present, absent].some((branch) => Array.isArray(branch) || hasLists(branch));
}
