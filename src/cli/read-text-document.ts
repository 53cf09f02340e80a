import { jsonText, type TextDocument } from '../base/text-document.ts';
import type { UntrustedFile } from '../base/untrusted-json.ts';
import { readTextFile } from './read-text-file.ts';

/** A file that people write: YAML where its name says so, else JSON. @throws KnownError (usage) under the file's own code. */
export async function readTextDocument(file: string, cwd: string, about: UntrustedFile): Promise<TextDocument> {
  const text = await readTextFile(file, cwd, about.what.replace(/ `.*$/s, ''), about.code);
  if (!isYaml(file)) return jsonText(text, about);
  return (await import('../local/yaml-text.ts')).yamlText(text, about);
}

function isYaml(file: string): boolean {
  return /\.ya?ml$/i.test(file);
}
