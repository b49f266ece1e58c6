import { stripVTControlCharacters } from 'node:util';

/**
 * Makes what a task printed fit for one line of a view: colours and orders to the terminal are left out, and of a
 * progress bar that overwrites itself its last state is kept.
 */
export function printable(text: string): string {
  const states = stripVTControlCharacters(text).split('\r');
  const last = states.findLast((state) => state.trim() !== '') ?? '';
  return last.replaceAll(/\p{Cc}/gu, ' ').trim();
}
