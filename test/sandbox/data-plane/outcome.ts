export interface Failure {
  readonly status: number | undefined;
  readonly code: string;
  readonly inner: string | undefined;
  readonly message: string;
}

interface WireError {
  readonly code?: string;
  readonly innerError?: { readonly code?: string };
  readonly innererror?: { readonly code?: string };
}

/** What a call that has to fail says through the SDK. */
export async function failure(call: Promise<unknown>): Promise<Failure> {
  try {
    await call;
  } catch (error) {
    const { statusCode, message, details } = error as { statusCode?: number; message: string; details?: { error?: WireError } };
    const said = details?.error;
    return { status: statusCode, code: said?.code ?? '', inner: (said?.innerError ?? said?.innererror)?.code, message };
  }
  throw new Error('the call was expected to fail, and succeeded');
}

/** Every item of a paged list. */
export async function all<Item>(pages: AsyncIterable<Item>): Promise<readonly Item[]> {
  const items: Item[] = [];
  for await (const item of pages) items.push(item);
  return items;
}

/** A value that the SDK's types call optional and the service always gives. */
export function given<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('the service left out what it always gives');
  return value;
}
