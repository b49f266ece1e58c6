/** Tells whether this machine has a Docker engine that answers, without loading its client. */
import { connect } from 'node:net';
import type { Environment } from '../../executor/own-environment.ts';
import { engineAddress } from './engine-address.ts';

/** Milliseconds that an engine of this machine has to take a connection. */
const patience = 1000;

/** Tries to connect to where the engine listens. Never rejects. */
export function engineAnswers(env: Environment): Promise<boolean> {
  return new Promise((resolve) => {
    let address;
    try {
      address = engineAddress(env);
    } catch {
      return resolve(false);
    }
    const socket = connect(
      address.kind === 'socket' ? { path: address.path } : { host: address.host, port: address.port },
    );
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(patience, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
