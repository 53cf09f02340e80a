import type { z } from 'zod';
import { inventoryFacts } from './findings/inventory-facts.ts';
import { mappingFacts } from './findings/mapping-facts.ts';
import { planFacts } from './findings/plan-facts.ts';
import { principalFacts } from './findings/principal-facts.ts';

export type { inventoryFacts, mappingFacts, planFacts, principalFacts };

/** Every code that a finding can have, with the facts it carries: stable, and explained in docs/findings.md. */
export const findingFacts = { ...inventoryFacts, ...mappingFacts, ...planFacts, ...principalFacts };

export type FindingCode = keyof typeof findingFacts;
export type FindingFacts = { readonly [C in FindingCode]: z.infer<(typeof findingFacts)[C]> };

export const findingCodes = Object.keys(findingFacts) as readonly FindingCode[];
