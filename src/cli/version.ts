declare const KEYTURN_VERSION: string | undefined;

/** Set at build time from package.json. */
export const version: string = typeof KEYTURN_VERSION === 'string' ? KEYTURN_VERSION : '0.0.0-source';
