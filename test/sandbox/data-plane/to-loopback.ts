import { createDefaultHttpClient, createHttpHeaders, createPipelineRequest, type HttpClient } from '@azure/core-rest-pipeline';

/** Keeps the public name in the Host header, where the SDKs' challenge check looks at the original, and connects to loopback. */
export function toLoopback(port: number, ca: string): HttpClient {
  const inner = createDefaultHttpClient();
  // One object for all requests: connections are kept by it.
  const tlsSettings = { ca };
  return {
    async sendRequest(request) {
      const url = new URL(request.url);
      const headers = createHttpHeaders(request.headers.toJSON());
      const copy = Object.assign(createPipelineRequest({ url: request.url }), request, {
        url: `https://127.0.0.1:${port}${url.pathname}${url.search}`,
        headers,
        tlsSettings,
      });
      copy.headers.set('host', url.host);
      const response = await inner.sendRequest(copy);
      response.request = request;
      return response;
    },
  };
}
