/** A request as a test server got it: what two clients that do the same must agree on. */
export interface Recorded {
  readonly method: string;
  /** Host as the client named it, with its port. */
  readonly host: string;
  /** Decoded. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: RecordedBody;
  /** Path and query as they came, and the bytes of the body. */
  readonly target?: string;
  readonly content?: Buffer;
}

export type RecordedBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'json'; readonly value: unknown }
  | {
      readonly kind: 'form';
      readonly fields: Readonly<Record<string, string>>;
      readonly files: readonly RecordedFile[];
    }
  | { readonly kind: 'text'; readonly text: string };

export interface RecordedFile {
  readonly field: string;
  readonly name: string;
  readonly text: string;
}

/** Reads the body of a request by its type. */
export async function bodyOf(type: string, content: Buffer): Promise<RecordedBody> {
  if (content.length === 0) return { kind: 'none' };
  if (type.startsWith('multipart/form-data')) return formOf(type, content);
  if (type.includes('json')) return { kind: 'json', value: JSON.parse(content.toString('utf8')) };
  return { kind: 'text', text: content.toString('utf8') };
}

async function formOf(type: string, content: Buffer): Promise<RecordedBody> {
  const form = await new Response(new Uint8Array(content), { headers: { 'content-type': type } }).formData();
  const fields: Record<string, string> = {};
  const files: RecordedFile[] = [];
  for (const [field, value] of form)
    if (typeof value === 'string') fields[field] = value;
    else files.push({ field, name: value.name, text: await value.text() });
  return { kind: 'form', fields, files };
}
