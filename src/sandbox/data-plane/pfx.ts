import { createPrivateKey, type KeyObject, randomBytes } from 'node:crypto';
import forge from 'node-forge';

/** What a PKCS #12 or PEM file holds. */
export interface Bundle {
  readonly key?: KeyObject;
  readonly certificates: readonly Buffer[];
}

const { asn1, pki, pkcs12 } = forge;
type Node = forge.asn1.Asn1;
const oids = {
  data: '1.2.840.113549.1.7.1',
  keyBag: '1.2.840.113549.1.12.10.1.1',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certBag: '1.2.840.113549.1.12.10.1.3',
  x509: '1.2.840.113549.1.9.22.1',
  localKeyId: '1.2.840.113549.1.9.21',
  sha256: '2.16.840.1.101.3.4.2.1',
} as const;
const rounds = 2048;

/** Key Vault gives its PKCS #12 files an empty password. Written by hand because the library writes RSA keys only. */
export function writePfx({ key, certificates }: Bundle): Buffer {
  const id = attribute(oids.localKeyId, octets(Buffer.from([1])));
  const keyBags = key === undefined ? [] : [bag(oids.keyBag, parse(key.export({ format: 'der', type: 'pkcs8' })), id)];
  const certBags = certificates.map((der, index) =>
    bag(oids.certBag, sequence(oid(oids.x509), explicit(octets(der))), index === 0 && key !== undefined ? id : undefined),
  );
  const safes = serialise(sequence(dataInfo(serialise(sequence(...certBags))), dataInfo(serialise(sequence(...keyBags)))));
  return serialise(sequence(integer(3), dataInfo(safes), macData(safes)));
}

/** @throws Error when it is no PKCS #12 file or the password is wrong. */
export function readPfx(der: Buffer, password: string): Bundle {
  const file = pkcs12.pkcs12FromAsn1(parse(der), false, password);
  const bags = (type: string): readonly forge.pkcs12.Bag[] => file.getBags({ bagType: type })[type] ?? [];
  const [keyBag] = [...bags(oids.shroudedKeyBag), ...bags(oids.keyBag)];
  const key = keyBag === undefined ? undefined : keyOf(keyBag);
  return { certificates: bags(oids.certBag).map(certificateOf), ...(key !== undefined && { key }) };
}

/** The library reads RSA keys and certificates into objects of its own and leaves the rest as it stands. */
function keyOf({ key, asn1: node }: forge.pkcs12.Bag): KeyObject {
  if (key !== undefined && (key as unknown) !== null) return createPrivateKey(pki.privateKeyToPem(key));
  return createPrivateKey({ key: serialise(node), format: 'der', type: 'pkcs8' });
}

function certificateOf({ cert, asn1: node }: forge.pkcs12.Bag): Buffer {
  return serialise(cert !== undefined && (cert as unknown) !== null ? pki.certificateToAsn1(cert) : node);
}

function macData(safes: Buffer): Node {
  const salt = randomBytes(8);
  const key = pkcs12.generateKey('', forge.util.createBuffer(salt.toString('binary')), 3, rounds, 32, forge.md.sha256.create());
  const mac = forge.hmac.create();
  mac.start(forge.md.sha256.create(), key);
  mac.update(safes.toString('binary'));
  const algorithm = sequence(oid(oids.sha256), node(asn1.Type.NULL, ''));
  return sequence(sequence(algorithm, octets(Buffer.from(mac.getMac().getBytes(), 'binary'))), octets(salt), integer(rounds));
}

function bag(type: string, value: Node, id: Node | undefined): Node {
  return sequence(oid(type), explicit(value), ...(id === undefined ? [] : [node(asn1.Type.SET, [id])]));
}

function attribute(type: string, value: Node): Node {
  return sequence(oid(type), node(asn1.Type.SET, [value]));
}

function dataInfo(content: Buffer): Node {
  return sequence(oid(oids.data), explicit(octets(content)));
}

function node(type: forge.asn1.Type, value: string | Node[]): Node {
  return asn1.create(asn1.Class.UNIVERSAL, type, Array.isArray(value), value);
}

function sequence(...items: Node[]): Node {
  return node(asn1.Type.SEQUENCE, items);
}

function explicit(item: Node): Node {
  return asn1.create(asn1.Class.CONTEXT_SPECIFIC, asn1.Type.NONE, true, [item]);
}

function octets(bytes: Buffer): Node {
  return node(asn1.Type.OCTETSTRING, bytes.toString('binary'));
}

function oid(text: string): Node {
  return node(asn1.Type.OID, asn1.oidToDer(text).getBytes());
}

function integer(value: number): Node {
  return node(asn1.Type.INTEGER, asn1.integerToDer(value).getBytes());
}

function parse(der: Buffer): Node {
  return asn1.fromDer(der.toString('binary'));
}

function serialise(value: Node): Buffer {
  return Buffer.from(asn1.toDer(value).getBytes(), 'binary');
}
