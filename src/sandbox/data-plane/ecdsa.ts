import { createECDH, type KeyObject } from 'node:crypto';

/**
 * ECDSA over a digest that is already made, which node:crypto does not offer. Nothing here is hardened against timing: the
 * keys are the sandbox's own.
 */

interface Curve {
  readonly name: string;
  /** Length of a coordinate. */
  readonly bytes: number;
  readonly p: bigint;
  readonly a: bigint;
  /** Order of the base point. */
  readonly n: bigint;
}

type Point = { readonly x: bigint; readonly y: bigint } | undefined;

/** Domain parameters of SEC 2. */
const curves: readonly Curve[] = [
  curve(
    'prime256v1',
    32,
    2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    -3n,
    'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551',
  ),
  curve(
    'secp384r1',
    48,
    2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    -3n,
    'ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
  ),
  curve(
    'secp521r1',
    66,
    2n ** 521n - 1n,
    -3n,
    '01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409',
  ),
  curve('secp256k1', 32, 2n ** 256n - 2n ** 32n - 977n, 0n, 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141'),
];

function curve(name: string, bytes: number, p: bigint, a: bigint, n: string): Curve {
  return { name, bytes, p, a, n: BigInt(`0x${n}`) };
}

export function ecdsaSign(key: KeyObject, digest: Buffer): Buffer {
  const on = curveFor(key);
  const d = fromBytes(Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url'));
  const z = leftmost(digest, on);
  for (;;) {
    // A fresh key pair of the curve is a random number with its multiple of the base point.
    const once = createECDH(on.name);
    const r = fromBytes(once.generateKeys().subarray(1, 1 + on.bytes)) % on.n;
    const s = mod(inverse(fromBytes(once.getPrivateKey()), on.n) * (z + r * d), on.n);
    if (r !== 0n && s !== 0n) return Buffer.concat([toBytes(r, on.bytes), toBytes(s, on.bytes)]);
  }
}

export function ecdsaVerify(key: KeyObject, digest: Buffer, signature: Buffer): boolean {
  const on = curveFor(key);
  if (signature.length !== 2 * on.bytes) return false;
  const [r, s] = [fromBytes(signature.subarray(0, on.bytes)), fromBytes(signature.subarray(on.bytes))];
  if (r <= 0n || r >= on.n || s <= 0n || s >= on.n) return false;
  const w = inverse(s, on.n);
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  const own = { x: fromBytes(Buffer.from(x, 'base64url')), y: fromBytes(Buffer.from(y, 'base64url')) };
  const sum = add(on, times(on, leftmost(digest, on) * w, basePoint(on)), times(on, r * w, own));
  return sum !== undefined && sum.x % on.n === r;
}

function curveFor(key: KeyObject): Curve {
  const found = curves.find(({ name }) => name === key.asymmetricKeyDetails?.namedCurve);
  if (found === undefined) throw new Error(`no parameters for the curve ${key.asymmetricKeyDetails?.namedCurve ?? 'unknown'}`);
  return found;
}

function basePoint(on: Curve): Point {
  const one = createECDH(on.name);
  one.setPrivateKey(toBytes(1n, on.bytes));
  const point = one.getPublicKey();
  return { x: fromBytes(point.subarray(1, 1 + on.bytes)), y: fromBytes(point.subarray(1 + on.bytes)) };
}

function add(on: Curve, left: Point, right: Point): Point {
  if (left === undefined || right === undefined) return left ?? right;
  if (left.x === right.x && mod(left.y + right.y, on.p) === 0n) return undefined;
  const slope =
    left.x === right.x ? (3n * left.x * left.x + on.a) * inverse(2n * left.y, on.p) : (right.y - left.y) * inverse(right.x - left.x, on.p);
  const x = mod(slope * slope - left.x - right.x, on.p);
  return { x, y: mod(slope * (left.x - x) - left.y, on.p) };
}

function times(on: Curve, factor: bigint, point: Point): Point {
  let sum: Point;
  let power = point;
  for (let rest = mod(factor, on.n); rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) sum = add(on, sum, power);
    power = add(on, power, power);
  }
  return sum;
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b] = [mod(value, modulus), modulus];
  let [x, y] = [1n, 0n];
  while (b !== 0n) {
    const quotient = a / b;
    [a, b] = [b, a % b];
    [x, y] = [y, x - quotient * y];
  }
  return mod(x, modulus);
}

function mod(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
}

/** As many bits of the digest as the order has. */
function leftmost(digest: Buffer, on: Curve): bigint {
  const surplus = digest.length * 8 - on.n.toString(2).length;
  return surplus > 0 ? fromBytes(digest) >> BigInt(surplus) : fromBytes(digest);
}

function fromBytes(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex') || '0'}`);
}

function toBytes(value: bigint, length: number): Buffer {
  return Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex');
}
