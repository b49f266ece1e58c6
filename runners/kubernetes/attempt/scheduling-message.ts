/** What the scheduler says, in plain words. */

/** What the scheduler's messages end with: what it would win by preempting, which is of no use to people. */
const aside = /\s*(preemption:|no new claims to deallocate|For more information).*$/s;

/**
 * Rewrites a message such as `0/3 nodes are available: 1 Insufficient nvidia.com/gpu, 2 node(s) had untolerated taint
 * {x: y}.` as a sentence. A message of another form stays as it is.
 */
export function schedulingReason(message: string): string {
  const text = message.replace(aside, '').trim();
  const match = /^0\/(\d+) nodes are available:?\s*(.*)$/s.exec(text);
  // A claim that is missing keeps the pod from every node alike.
  const claim = claimReason(text);
  if (match === null || claim !== undefined) return claim ?? text.replace(/\.$/, '');
  const [, count = '0', rest = ''] = match;
  const nodes = count === '1' ? 'the only node cannot take it' : `none of ${count} nodes can take it`;
  if (count === '0') return 'the cluster has no nodes';
  const reasons = partsOf(rest.replace(/\.+$/, '')).map(partReason);
  return reasons.length === 0 ? nodes : `${nodes}: ${reasons.join('; ')}`;
}

/** Cuts at commas, but not inside of braces, which taints have. */
function partsOf(text: string): string[] {
  return text
    .split(/,\s*(?=\d+ )/)
    .map((part) => part.trim().replace(/\.$/, ''))
    .filter((part) => part !== '');
}

function partReason(part: string): string {
  const match = /^(\d+) (?:node\(s\) )?(.*)$/s.exec(part);
  if (match === null) return part;
  const [, count = '', what = ''] = match;
  const has = count === '1' ? 'has' : 'have';
  const insufficient = /^Insufficient (.+)$/.exec(what);
  if (insufficient !== null) return `${count} ${has} too little free ${insufficient[1]}`;
  const taint =
    /^(?:had untolerated taints?|had taints? that the pod didn't tolerate)(?:\(s\))?,?\s*(.*)$/.exec(what);
  if (taint !== null)
    return `${count} ${has} a taint that the task does not tolerate${taint[1] === undefined || taint[1] === '' ? '' : ` ${taint[1]}`}`;
  if (/didn't match Pod's node affinity\/selector|didn't match node selector/.test(what))
    return `${count} ${count === '1' ? 'does' : 'do'} not have the labels that the task asks for`;
  if (/volume node affinity conflict/.test(what)) return `${count} cannot reach the task's volume`;
  if (/Too many pods/.test(what)) return `${count} ${has} as many pods as allowed`;
  if (/unschedulable/.test(what)) return `${count} ${count === '1' ? 'is' : 'are'} closed for new pods`;
  return `${count} ${what}`;
}

function claimReason(text: string): string | undefined {
  const missing = /persistentvolumeclaim "([^"]+)" (?:is )?(not found|being deleted)/.exec(text);
  if (missing !== null)
    return `the volume claim ${missing[1]} ${missing[2] === 'not found' ? 'does not exist' : 'is being deleted'}`;
  if (/unbound immediate PersistentVolumeClaims/.test(text)) return 'its volume claim has no volume yet';
  return undefined;
}
