/** True, false, or not to be told from what is known: an attribute that is missing, a value that may be anything (EA-40). */
export type Truth = boolean | 'unknown';

/** How several values on either side are compared; a plain comparison has one value on each. */
export type Quantifier = 'ForAnyOfAnyValues' | 'ForAllOfAnyValues' | 'ForAnyOfAllValues' | 'ForAllOfAllValues';

export interface Operator {
  readonly type: 'String' | 'Guid' | 'Bool' | 'Numeric' | 'DateTime';
  readonly relation: 'Equals' | 'StartsWith' | 'Like' | 'LessThan' | 'LessThanEquals' | 'GreaterThan' | 'GreaterThanEquals';
  readonly negated: boolean;
  readonly ignoreCase: boolean;
}

/** A parsed condition of version 2.0. Attributes are keyed as written but in lower case: `@resource[provider/type:name]`. */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  | { readonly kind: 'actionMatches'; readonly patterns: readonly string[] }
  | { readonly kind: 'subOperationMatches'; readonly operations: readonly string[] }
  | { readonly kind: 'exists'; readonly attribute: string }
  | {
      readonly kind: 'comparison';
      readonly attribute: string;
      readonly operator: Operator;
      readonly quantifier?: Quantifier;
      readonly right: readonly string[] | { readonly attribute: string };
    };

export type ParsedCondition =
  | { readonly state: 'parsed'; readonly condition: Condition }
  | { readonly state: 'unreadable'; readonly because: string };
