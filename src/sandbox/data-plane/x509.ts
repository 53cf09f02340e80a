/**
 * @peculiar/x509 asks its surroundings for reflection metadata when it is loaded, of which it needs three functions over
 * one map. Importing this file first gives them; a fuller implementation that is already there is left alone.
 */
interface MetadataStore {
  defineMetadata?: (key: unknown, value: unknown, target: object) => void;
  getMetadata?: (key: unknown, target: object) => unknown;
  getOwnMetadata?: (key: unknown, target: object) => unknown;
}

const metadata = new WeakMap<object, Map<unknown, unknown>>();

function installMetadata(reflect: MetadataStore): void {
  if (reflect.getMetadata !== undefined) return;
  reflect.getOwnMetadata = (key, target) => metadata.get(target)?.get(key);
  reflect.getMetadata = reflect.getOwnMetadata;
  reflect.defineMetadata = (key, value, target) => {
    metadata.set(target, (metadata.get(target) ?? new Map<unknown, unknown>()).set(key, value));
  };
}

/** Loads the X.509 library on first use: a sandbox without certificates starts without it. */
export async function loadX509(): Promise<typeof import('@peculiar/x509')> {
  installMetadata(Reflect as MetadataStore);
  return await import('@peculiar/x509');
}
