// The bridges of pods and of the Docker engine, and the packet rules that they need.
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { apiServiceAddress, dockerBridge, nodes, podBridge } from './places.mjs';

const ip = (/** @type {string[]} */ ...args) => execFileSync('ip', args, { encoding: 'utf8' });
const tag = ['-m', 'comment', '--comment', 'ferrule-test'];

/** Asks about a device; undefined where there is none of that name. */
function device(/** @type {string} */ name) {
  const { status, stdout } = spawnSync('ip', ['-json', 'link', 'show', name], { encoding: 'utf8' });
  return status === 0 ? /** @type {{ mtu: number }} */ (JSON.parse(stdout)[0]) : undefined;
}

/** The largest packet that leaves this machine: larger ones from a bridge would be lost on the way. */
export function packetSize() {
  const name = / dev (\S+)/.exec(ip('-o', 'route', 'show', 'default'))?.[1];
  return (name === undefined ? undefined : device(name)?.mtu) ?? 1500;
}

function raiseBridge(/** @type {{ name: string, address: string, prefix: number }} */ bridge) {
  if (device(bridge.name) === undefined) ip('link', 'add', bridge.name, 'type', 'bridge');
  ip('link', 'set', bridge.name, 'up', 'mtu', String(packetSize()));
  ip('addr', 'replace', `${bridge.address}/${bridge.prefix}`, 'dev', bridge.name);
}

/** The rules, as `table chain rule`. Pods reach each other, the host and the world; the API server by its service address. */
const rules = [
  ['filter', 'FORWARD', '-i', podBridge.name, '-j', 'ACCEPT'],
  ['filter', 'FORWARD', '-o', podBridge.name, '-j', 'ACCEPT'],
  ...['PREROUTING', 'OUTPUT'].map((chain) => {
    const to = `${podBridge.address}:6443`;
    return `nat ${chain} -d ${apiServiceAddress}/32 -p tcp --dport 443 -j DNAT --to-destination ${to}`.split(
      ' ',
    );
  }),
];

/** Raises the bridges and sets the rules; what is there already is left. */
export function raiseNetwork() {
  writeFileSync('/proc/sys/net/ipv4/ip_forward', '1');
  raiseBridge(podBridge);
  raiseBridge(dockerBridge);
  for (const node of nodes) ip('addr', 'replace', `${node.address}/32`, 'dev', podBridge.name);
  for (const [table, chain, ...rule] of rules) {
    const known = spawnSync('iptables', ['-w', '-t', table, '-C', chain, ...rule, ...tag]).status === 0;
    if (!known) execFileSync('iptables', ['-w', '-t', table, '-I', chain, ...rule, ...tag]);
  }
}

/** Takes the bridges and the rules away. */
export function lowerNetwork() {
  for (const [table, chain, ...rule] of rules)
    while (spawnSync('iptables', ['-w', '-t', table, '-D', chain, ...rule, ...tag]).status === 0);
  for (const { name } of [podBridge, dockerBridge])
    if (device(name) !== undefined) ip('link', 'delete', name);
}
