import { type JsonObject, objectAt } from '../../base/json.ts';
import { ServiceError } from '../exchange.ts';
import type { Act, Call } from './call.ts';
import { page } from './paging.ts';

type Shown = { readonly body: JsonObject };
type IssuerOperation =
  `Certificate${`Contacts${'Get' | 'Set' | 'Delete'}` | 'IssuersList' | `Issuer${'Get' | 'Set' | 'Update' | 'Delete'}`}`;

function issuersOf({ vault }: Call): Map<string, JsonObject> {
  vault.certificateIssuers ??= new Map();
  return vault.certificateIssuers;
}

function issuerOf(call: Call): JsonObject {
  const issuer = issuersOf(call).get(call.name.toLowerCase());
  if (issuer === undefined) throw new ServiceError(404, 'CertificateIssuerNotFound', 'Issuer not found');
  return issuer;
}

function keep(call: Call, before: JsonObject | undefined): Shown {
  const seconds = Math.floor(call.now / 1000);
  const old = objectAt(before ?? {}, 'attributes');
  const issuer: JsonObject = {
    ...before,
    ...call.body,
    // The password goes in and never comes out.
    credentials: { ...objectAt(before ?? {}, 'credentials'), ...objectAt(call.body, 'credentials'), pwd: undefined },
    attributes: { enabled: true, created: seconds, ...old, ...objectAt(call.body, 'attributes'), updated: seconds },
    id: `${call.vaultUri}/certificates/issuers/${call.name}`,
  };
  issuersOf(call).set(call.name.toLowerCase(), issuer);
  return { body: issuer };
}

function removeIssuer(call: Call): Shown {
  const body = issuerOf(call);
  issuersOf(call).delete(call.name.toLowerCase());
  return { body };
}

function contactsOf({ vault }: Call): JsonObject {
  if (vault.certificateContacts === undefined) throw new ServiceError(404, 'ContactsNotFound', 'Contacts not found');
  return vault.certificateContacts;
}

function setContacts(call: Call): Shown {
  const body = { id: `${call.vaultUri}/certificates/contacts`, contacts: call.body.contacts ?? [] };
  call.vault.certificateContacts = body;
  return { body };
}

function removeContacts(call: Call): Shown {
  const body = contactsOf(call);
  delete call.vault.certificateContacts;
  return { body };
}

/** What belongs to a vault's certificates as a whole: whom to tell, and where to buy. */
export const issuerOperations: Readonly<Record<IssuerOperation, Act>> = {
  CertificateContactsGet: (call) => ({ body: contactsOf(call) }),
  CertificateContactsSet: setContacts,
  CertificateContactsDelete: removeContacts,
  CertificateIssuersList(call) {
    const issuers = [...issuersOf(call).entries()].sort(([a], [b]) => (a < b ? -1 : 1));
    return { body: page(call, issuers, ([, issuer]) => ({ id: issuer.id ?? '', provider: issuer.provider ?? '' })) };
  },
  CertificateIssuerGet: (call) => ({ body: issuerOf(call) }),
  CertificateIssuerSet: (call) => keep(call, undefined),
  CertificateIssuerUpdate: (call) => keep(call, issuerOf(call)),
  CertificateIssuerDelete: removeIssuer,
};
