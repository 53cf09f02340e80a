import type { PageHead, PagePart } from '../review/page-data.ts';

/** What is read before the first paint. */
export function readHead(): PageHead {
  return JSON.parse(document.getElementById('head')?.textContent ?? '') as PageHead;
}

/** Unpacks the long lists, and takes their text out of the page. */
export async function readParts(): Promise<readonly PagePart[]> {
  const elements = [...document.querySelectorAll('script.part')];
  return Promise.all(
    elements.map(async (element) => {
      const part = JSON.parse(await unpacked(element.textContent)) as PagePart;
      element.remove();
      return part;
    }),
  );
}

async function unpacked(base64: string): Promise<string> {
  const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))).text();
}
