import type { DecisionRow } from '../formats/decisions.ts';

/** How choices are called and explained. */
export const choiceWords: Readonly<Record<DecisionRow['choice'], { readonly name: string; readonly description: string }>> = {
  reproduce: { name: 'reproduce', description: 'the narrowest roles for everything, with their extra access' },
  preferFewer: { name: 'prefer fewer', description: 'fewer role assignments, more extra access' },
  customRole: { name: 'custom role', description: 'a role with exactly its data actions, one of 5,000 in the tenant' },
  narrow: { name: 'narrow', description: 'only the permissions that I name' },
  dropStorage: { name: 'without storage', description: 'recommended: all of it but the permissions on storage accounts' },
  objectScope: { name: 'single objects', description: 'only objects that I name, by assignments on them' },
  nameCondition: { name: 'names of secrets', description: 'only secrets that I name, by a condition on their names (preview)' },
  keepExisting: { name: 'keep existing', description: 'only what role assignments give already' },
  drop: { name: 'drop', description: 'none of it: this access ends at the flip' },
};
