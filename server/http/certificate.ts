/** The certificate of a server that speaks TLS: read again when its files change. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { messageOf, UserError } from '../../errors/index.ts';

/** Files in PEM. */
export interface CertificateFiles {
  /** The certificate, and those that it was signed with after it. */
  readonly certificate: string;
  readonly key: string;
}

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** Milliseconds between two looks at the files. */
const lookEvery = 2000;

/**
 * Reads a certificate and its key.
 * @throws UserError FER9007 where they do not read, or do not belong together
 */
export function readCertificate({ certificate, key }: CertificateFiles): Certificate {
  try {
    const read = { cert: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') };
    if (!new X509Certificate(read.cert).checkPrivateKey(createPrivateKey(read.key)))
      throw new Error('the key is that of another certificate');
    return read;
  } catch (error) {
    throw new UserError('FER9007', {
      problem: `the certificate ${certificate} with the key ${key} does not read: ${messageOf(error)}`,
      fix: 'name a certificate and its private key, both in PEM and without a password, with --tls-cert and --tls-key',
      cause: error,
    });
  }
}

/**
 * Looks at the files from time to time, and gives what they hold once both belong together again.
 * @param tell is told what is wrong with them meanwhile
 * @returns what ends the looking
 */
export function watchCertificate(
  files: CertificateFiles,
  use: (certificate: Certificate) => void,
  tell: (problem: string) => void,
): () => void {
  let seen = changedAt(files);
  let told = '';
  const timer = setInterval(() => {
    const changed = changedAt(files);
    if (changed === seen) return;
    try {
      use(readCertificate(files));
      seen = changed;
      told = '';
    } catch (error) {
      // One of the two is written before the other.
      const problem = messageOf(error);
      if (problem !== told) tell(problem);
      told = problem;
    }
  }, lookEvery);
  timer.unref();
  return () => clearInterval(timer);
}

/** A cluster replaces a folder by a link: the times of what the names lead to count. */
function changedAt({ certificate, key }: CertificateFiles): string {
  return [certificate, key]
    .map((file) => {
      const { mtimeMs, ino } = statSync(file, { throwIfNoEntry: false }) ?? {};
      return `${mtimeMs} ${ino}`;
    })
    .join(' ');
}
