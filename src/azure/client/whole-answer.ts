import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { type PipelineRequest, type PipelineResponse, RestError, type SendRequest } from '@azure/core-rest-pipeline';

/** A body that is longer than anything that Azure answers. */
export class AnswerTooLong extends Error {
  constructor(mostBytes: number) {
    super(`the answer is longer than ${mostBytes / 2 ** 20} MiB`);
  }
}

export interface WholeAnswer {
  readonly signal: AbortSignal;
  /** Bytes of a body, inflated. */
  readonly mostBytes: number;
}

/**
 * Sends a request and reads its answer to the end. The SDK would hand on a text only, after inflating as much as comes into
 * memory, and would wait for ever for the rest of a zipped body that broke off; so the body is taken as a stream, and read here.
 * @throws RestError when the body breaks off or is damaged; AnswerTooLong; what the SDK throws when the signal ends it.
 */
export async function wholeAnswer(request: PipelineRequest, next: SendRequest, how: WholeAnswer): Promise<PipelineResponse> {
  request.streamResponseStatusCodes = new Set([Number.POSITIVE_INFINITY]);
  // What the request itself asks for is inflated by the SDK, so this is said behind its back, once its own headers are all there.
  request.requestOverrides = {
    get headers() {
      return { ...request.headers.toJSON({ preserveCase: true }), 'Accept-Encoding': 'gzip' };
    },
  };
  try {
    const { readableStreamBody: body, ...response } = await next(request);
    if (body === undefined) return response;
    const zipped = response.headers.get('content-encoding')?.trim().toLowerCase() === 'gzip';
    return { ...response, bodyAsText: await textOf(body, zipped, request, how) };
  } finally {
    delete request.streamResponseStatusCodes;
    delete request.requestOverrides;
  }
}

async function textOf(
  body: NodeJS.ReadableStream,
  zipped: boolean,
  request: PipelineRequest,
  { signal, mostBytes }: WholeAnswer,
): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  const keep = async (source: AsyncIterable<string | Buffer>): Promise<void> => {
    for await (const piece of source) {
      bytes += piece.length;
      if (bytes > mostBytes) throw new AnswerTooLong(mostBytes);
      pieces.push(typeof piece === 'string' ? Buffer.from(piece) : piece);
    }
  };
  try {
    if (zipped) await pipeline(body, createGunzip(), keep, { signal });
    else await pipeline(body, keep, { signal });
  } catch (error) {
    // The pipeline may name what it ended for that reason instead.
    if (bytes > mostBytes) throw new AnswerTooLong(mostBytes);
    if (signal.aborted || !(error instanceof Error)) throw error;
    throw new RestError(error.message, { code: RestError.PARSE_ERROR, request });
  }
  return Buffer.concat(pieces).toString('utf8');
}
