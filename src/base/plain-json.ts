/**
 * JSON text with everything escaped that moves a terminal or turns a line around (C1 controls, DEL, marks of direction): the
 * value, and so its digest, stays what it is.
 */
export function plainJson(json: string): string {
  return json.replace(/[\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (sign) => {
    return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
