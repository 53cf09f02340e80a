/** An attribute of a condition in lower case, as in a question: `@resource[microsoft.keyvault/vaults:name]`. */
type Attribute = string;

export type Operand =
  | { readonly kind: 'literals'; readonly values: readonly string[] }
  | { readonly kind: 'attribute'; readonly name: Attribute };

/** How the values on both sides are paired: `any` of the attribute's with `all` of the given ones, and so on. */
export interface Pairing {
  readonly left: 'any' | 'all';
  readonly right: 'any' | 'all';
}

/** A condition of version 2.0 as a tree. */
export type Condition =
  | { readonly kind: 'or' | 'and'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  | { readonly kind: 'actionMatches' | 'subOperationMatches'; readonly patterns: readonly string[] }
  | { readonly kind: 'exists'; readonly attribute: Attribute }
  | {
      readonly kind: 'comparison';
      readonly attribute: Attribute;
      /** Lower case, without the pairing: `guidequals`. */
      readonly operator: string;
      readonly pairing: Pairing | undefined;
      readonly operand: Operand;
    };
