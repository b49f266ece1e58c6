/** Which nodes a pod may run on. */
import { isJsonObject, type OptionEntry, type OptionReader } from '../option-reader.ts';
import type { GivenKind, RefReader } from '../ref-option.ts';
import { oneOf, ParameterHole, present, requiredText, whole, type KubernetesSettings } from './settings.ts';

/** Reads the options that choose nodes. */
export function scheduling(reader: OptionReader, refs: RefReader): KubernetesSettings {
  return {
    nodeSelector: nodeSelector(reader, refs),
    nodeAffinity: reader
      .entries('nodeAffinity')
      .map((entry) =>
        givenOr(entry, refs, ['object'], 'nodeAffinityJson', () => nodeAffinity(entry.reader())),
      ),
    podAffinity: reader.list('podAffinity').map((entry) => podAffinity(entry)),
    tolerations: reader
      .entries('tolerations')
      .map((entry) =>
        givenOr(entry, refs, ['object', 'list'], 'tolerationJson', () => toleration(entry.reader())),
      ),
  };
}

/** An element that a run gives, or one that is written out. */
function givenOr(
  { list, index }: OptionEntry,
  refs: RefReader,
  kinds: readonly GivenKind[],
  field: string,
  read: () => KubernetesSettings,
): KubernetesSettings {
  const ref = refs.given(list, index, kinds);
  if (ref !== undefined) return { [field]: new ParameterHole(ref) };
  return refs.isRef(list.get(index)) ? {} : read();
}

function nodeSelector(reader: OptionReader, refs: RefReader): KubernetesSettings {
  const ref = refs.given(reader, 'nodeSelector', ['object']);
  if (ref !== undefined) return { nodeSelectorJson: new ParameterHole(ref) };
  if (refs.isRef(reader.get('nodeSelector'))) return {};
  return present({ labels: reader.textMap('nodeSelector') });
}

function nodeAffinity(entry: OptionReader): KubernetesSettings {
  entry.refuseOthers(['matchExpressions', 'matchFields', 'weight', 'json']);
  const json = entry.get('json');
  if (isJsonObject(json)) return { nodeAffinityJson: { runtimeValue: { constant: json } } };
  if (json !== undefined)
    entry.fault('json', 'is no object of plain JSON', 'write it as Kubernetes does, or pass a whole Ref');
  return present({
    matchExpressions: requirements(entry, 'matchExpressions'),
    matchFields: requirements(entry, 'matchFields'),
    weight: weight(entry),
  });
}

function podAffinity(entry: OptionReader): KubernetesSettings {
  entry.refuseOthers([
    'matchPodExpressions', 'matchPodLabels', 'topologyKey', 'namespaces', 'matchNamespaceExpressions',
    'matchNamespaceLabels', 'weight', 'anti',
  ]); // prettier-ignore
  return present({
    matchPodExpressions: requirements(entry, 'matchPodExpressions'),
    matchPodLabels: entry.textMap('matchPodLabels'),
    topologyKey: requiredText(entry, 'topologyKey'),
    namespaces: entry.texts('namespaces'),
    matchNamespaceExpressions: requirements(entry, 'matchNamespaceExpressions'),
    matchNamespaceLabels: entry.textMap('matchNamespaceLabels'),
    weight: weight(entry),
    anti: entry.flag('anti'),
  });
}

function toleration(entry: OptionReader): KubernetesSettings {
  entry.refuseOthers(['key', 'operator', 'value', 'effect', 'seconds']);
  const seconds = whole(entry, 'seconds');
  return present({
    key: entry.text('key'),
    operator: oneOf(entry, 'operator', ['Equal', 'Exists']),
    value: entry.text('value'),
    effect: oneOf(entry, 'effect', ['NoSchedule', 'PreferNoSchedule', 'NoExecute']),
    // An int64 is a text in JSON.
    tolerationSeconds: seconds === undefined ? undefined : `${seconds}`,
  });
}

function weight(entry: OptionReader): number | undefined {
  const number = entry.number('weight');
  if (number === undefined || (Number.isInteger(number) && number >= 1 && number <= 100)) return number;
  entry.fault('weight', `is ${number}`, 'write a whole number of 1 to 100');
  return undefined;
}

const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'];

function requirements(entry: OptionReader, option: string): KubernetesSettings[] {
  return entry.list(option).map((requirement) => {
    requirement.refuseOthers(['key', 'operator', 'values']);
    if (requirement.get('operator') === undefined)
      requirement.fault('operator', 'is missing', `write one of ${operators.join(', ')}`);
    return present({
      key: requiredText(requirement, 'key'),
      operator: oneOf(requirement, 'operator', operators),
      values: requirement.texts('values'),
    });
  });
}
