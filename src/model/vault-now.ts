import type { Estate, SubscriptionFacts } from './estate.ts';
import type { Vault } from './vault.ts';

/** A vault and what is around it, as read a moment ago. */
export interface VaultNow {
  readonly estate: Estate;
  readonly vault: Vault;
  readonly subscription: SubscriptionFacts;
}
