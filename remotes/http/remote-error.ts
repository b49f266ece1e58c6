/** Makes coded errors of what came back from a remote service, or did not. */
import { InfrastructureError, messageOf, UserError, type FerruleError } from '../../errors/index.ts';
import { codesOf } from './repeating.ts';
import { addressOf, type RemoteAnswer, type RemoteRequest } from './request.ts';

/** What messages say of a service. */
export interface ServiceFacts {
  /** What it is, for a sentence: "Artifact Registry". */
  readonly name: string;
  /** What a person does to get other credentials. */
  readonly signIn: string;
  /** What to ask for where something is not allowed. */
  readonly permission: string;
  /** What to do where an address answers for something else. */
  readonly address: string;
  /** What to change where a request is refused. @default what the request names */
  readonly refusal?: string;
}

/** Names an error of the network. */
export function unreachable(request: RemoteRequest, service: ServiceFacts, thrown: unknown): FerruleError {
  const codes = codesOf(thrown);
  const where = `${service.name} at ${new URL(request.url).host}`;
  if (codes.some((code) => code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE'))
    return new InfrastructureError('FER8009', {
      problem: `${where} answered with more than is read at once, while ${request.doing}`,
      fix: service.address,
      retryable: false,
      cause: thrown,
    });
  if (codes.some((code) => /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|^EPROTO$/.test(code)))
    return new UserError('FER8001', {
      problem: `${where} does not speak TLS, while ${request.doing}`,
      fix: 'write http:// in its address',
      cause: thrown,
    });
  const isTls = codes.some((code) => /CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO/.test(code));
  if (isTls)
    return new UserError('FER8001', {
      problem: `${where} shows a certificate that is not trusted (${codes[0]}), while ${request.doing}`,
      fix: 'name the certificate of its authority: --ca FILE, or FERRULE_CA_FILE',
      cause: thrown,
    });
  return new InfrastructureError('FER8001', {
    problem: `${where} cannot be reached while ${request.doing}: ${wordsOf(thrown)}`,
    fix: request.repeatable
      ? `${service.address}; check the network, and try again`
      : `${service.address}; check the network. The service may have taken the request all the same: look before you send it again`,
    retryable: true,
    cause: thrown,
  });
}

function wordsOf(thrown: unknown): string {
  const message = messageOf(thrown);
  const code = codesOf(thrown)[0];
  if (message === '' || message === 'AggregateError') return code ?? 'no reason given';
  return code !== undefined && !message.includes(code) ? `${message} (${code})` : message;
}

/** Names an answer that is no success. */
export function refusal(
  request: RemoteRequest,
  service: ServiceFacts,
  answer: RemoteAnswer,
  secrets: readonly string[],
): FerruleError {
  const { status } = answer;
  const where = `${service.name} at ${new URL(request.url).host}`;
  const said = withoutSecrets(messageIn(answer), secrets);
  const problem = (what: string): string =>
    `${where} ${what} (${status}), while ${request.doing}${said === '' ? '' : `: ${said}`}`;
  if (status >= 300 && status < 400)
    return new UserError('FER8002', {
      problem: `${where} sends the request on to ${placeOf(answer.headers['location'])} (${status}), while ${request.doing}`,
      fix: `if that is a page to sign in: ${service.signIn}; else ${service.address}`,
    });
  switch (status) {
    case 401:
    case 407:
      return new UserError('FER8002', {
        problem: problem('does not accept the credentials'),
        fix: service.signIn,
      });
    case 403:
      return new UserError('FER8003', { problem: problem('does not allow it'), fix: service.permission });
    case 404:
    case 410:
      return new UserError('FER8004', {
        problem: problem('has no such thing'),
        fix: said === '' ? service.address : `name one that is there, or ${service.address}`,
      });
    case 409:
      return new UserError('FER8005', {
        problem: problem('already has something else of that name'),
        fix: 'choose another name, or remove what is there',
      });
    case 413:
      return new UserError('FER8006', {
        problem: problem('takes no document of this size'),
        fix: 'build and push images of the components, so that their code does not travel in the spec; or have the limit of the service or of the proxy before it raised',
      });
    default:
  }
  if (status === 429 || status >= 500 || status === 408)
    return new InfrastructureError('FER8008', {
      problem: problem(status === 429 ? 'is asked too often' : 'failed'),
      fix: waitWish(answer) ?? 'try again later; if it stays so, look at the logs of the service',
      retryable: true,
    });
  return new UserError('FER8007', {
    problem: problem('refused the request'),
    fix: service.refusal ?? 'change what it names; `ferrule compile --backend` checks the pipeline itself',
  });
}

function waitWish({ headers }: RemoteAnswer): string | undefined {
  const wish = headers['retry-after'];
  if (wish === undefined) return undefined;
  return /^\d+$/.test(wish) ? `try again in ${wish} s, as the service asks` : `try again after ${wish}`;
}

/** Names a success whose content is not what the service answers. */
export function noAnswer(
  request: RemoteRequest,
  service: ServiceFacts,
  answer: RemoteAnswer,
  why: string,
): FerruleError {
  const page = pageTitle(answer);
  const what = page === undefined ? `an answer that does not read: ${why}` : `a web page${page}`;
  return new UserError('FER8009', {
    problem: `${addressOf(request.url)} gave ${what}, while ${request.doing}`,
    fix: `${service.address}; if a page to sign in stands before it: ${service.signIn}`,
  });
}

/** Whether an answer is a web page, as proxies and sign-in pages give. */
export function isPage({ headers, text }: RemoteAnswer): boolean {
  return /^text\/html/i.test(headers['content-type'] ?? '') || /^\s*<(!doctype html|html)/i.test(text);
}

function pageTitle(answer: RemoteAnswer): string | undefined {
  if (!isPage(answer)) return undefined;
  const title = /<title[^>]*>([^<]*)/i.exec(answer.text)?.[1]?.trim();
  return title === undefined || title === '' ? '' : ` ("${short(title)}")`;
}

/** Finds what a service says of an error: Google's form, gRPC gateways', KFP's own of uploads, or plain text. */
function messageIn(answer: RemoteAnswer): string {
  if (isPage(answer)) return `a web page${pageTitle(answer) ?? ''}`;
  const value = parsed(answer.text);
  const candidates = [
    field(field(value, 'error'), 'message'),
    field(value, 'message'),
    field(value, 'error_message'),
    field(value, 'error'),
  ];
  const found = candidates.find((candidate) => typeof candidate === 'string' && candidate !== '');
  if (typeof found === 'string') return short(found);
  return value === undefined ? short(answer.text) : '';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function short(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 500 ? `${line.slice(0, 500)}…` : line;
}

/** A service may repeat what it was sent: that must not reach a log. */
function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length > 3)
    .reduce((clean, secret) => clean.replaceAll(secret, '***'), text);
}

function placeOf(location: string | undefined): string {
  return location !== undefined && URL.canParse(location) ? addressOf(location) : 'elsewhere';
}
