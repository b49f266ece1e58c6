/** Who calls: bearer tokens of a file, each of one name and its namespaces. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { messageOf, UserError } from '../../errors/index.ts';
import { Refusal } from '../failure.ts';

/** Whoever makes a request. */
export interface Principal {
  readonly name: string;
  /** The namespaces that it may work in; `all` where there are no tokens, or for an administrator. */
  readonly namespaces: 'all' | readonly string[];
  /** Whether namespaces tell anything apart. */
  readonly apart: boolean;
}

export interface Access {
  readonly multiUser: boolean;
  /**
   * Tells who sent a header `Authorization`.
   * @throws Refusal where its token is none
   */
  identify(header: string | undefined): Principal;
}

/** Where there are no tokens everything is in one namespace, which has no name, as in KFP for a single user. */
const anybody: Principal = { name: 'anonymous', namespaces: 'all', apart: false };

interface Entry extends Principal {
  readonly digest: Buffer;
}

/**
 * Reads the file of tokens, and again whenever it changes; a change that does not read leaves the tokens as they were.
 * @param file lines of `name:sha256 of the token:namespaces`, with commas between these, `*` for all
 * @throws UserError FER9001 where it does not read at the start
 */
export function openAccess(file: string | undefined, tell: (problem: string) => void): Access {
  if (file === undefined) return { multiUser: false, identify: () => anybody };
  let entries = readTokens(file);
  let seen = changedAt(file);
  let lookedAt = Date.now();
  const look = (): void => {
    if (Date.now() - lookedAt < 1000) return;
    lookedAt = Date.now();
    const changed = changedAt(file);
    if (changed === seen) return;
    seen = changed;
    try {
      entries = readTokens(file);
    } catch (error) {
      tell(messageOf(error));
    }
  };
  return {
    multiUser: true,
    identify(header) {
      look();
      const [, token] = /^Bearer +(\S+)$/i.exec(header ?? '') ?? [];
      if (token === undefined)
        throw new Refusal(
          'unauthenticated',
          'this server asks for a token: send `Authorization: Bearer TOKEN`',
        );
      const digest = digestOf(token);
      // All are compared, so that the time it takes tells nothing.
      const [found] = entries.filter((entry) => timingSafeEqual(entry.digest, digest));
      if (found === undefined)
        throw new Refusal('unauthenticated', 'the token is none that this server knows');
      return found;
    },
  };
}

/** Makes the line of a token for the file. */
export function tokenLine(name: string, token: string, namespaces: string): string {
  return `${name}:${digestOf(token).toString('hex')}:${namespaces}`;
}

/**
 * Tells which namespace a request is about.
 * @param named what it says itself, which may be nothing
 * @throws Refusal where its sender may not work there, or could mean several
 */
export function namespaceOf(who: Principal, named: string | undefined): string {
  if (!who.apart) return '';
  if (named !== undefined && named !== '') {
    if (!mayUse(who, named))
      throw new Refusal('forbidden', `${who.name} may not work in the namespace "${named}"`);
    if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(named))
      throw new Refusal(
        'invalid',
        `"${named}" cannot be a namespace: use lower-case letters, digits and "-"`,
      );
    return named;
  }
  const [only, other] = who.namespaces === 'all' ? [] : who.namespaces;
  if (only === undefined || other !== undefined)
    throw new Refusal('invalid', `name a namespace: ${who.name} may work in more than one`);
  return only;
}

/** Tells whether somebody may work in a namespace. */
export function mayUse(who: Principal, namespace: string): boolean {
  return who.namespaces === 'all' || who.namespaces.includes(namespace);
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function changedAt(file: string): number {
  try {
    return statSync(file).mtimeMs;
  } catch {
    return 0;
  }
}

function readTokens(file: string): readonly Entry[] {
  const wrong = (problem: string, cause?: unknown): UserError =>
    new UserError('FER9001', {
      problem,
      fix: 'write one line a token: name:SHA-256 of the token in hex:namespaces; `ferrule token NAME` makes one',
      cause,
    });
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw wrong(`the file of tokens ${file} cannot be read: ${messageOf(error)}`, error);
  }
  const entries: Entry[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [, name, hash, spaces] = /^([\w.@-]+):([\da-f]{64}):([a-z0-9,*-]+)\s*$/.exec(line) ?? [];
    if (name === undefined || hash === undefined || spaces === undefined)
      throw wrong(`line ${index + 1} of the file of tokens ${file} does not read`);
    entries.push({
      name,
      apart: true,
      namespaces: spaces === '*' ? 'all' : spaces.split(','),
      digest: Buffer.from(hash, 'hex'),
    });
  }
  if (entries.length === 0) throw wrong(`the file of tokens ${file} has no token`);
  return entries;
}
