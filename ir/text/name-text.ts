/** Names and strings as MLIR writes them: bare where the grammar allows, else quoted with escapes. */

const bareIdentifier = /^[A-Za-z_][\w$.]*$/;
const suffixIdentifier = /^(?:[A-Za-z_$.-][\w$.-]*|\d+)$/;
const plainString = /^[ !#-[\]-~]*$/;
const specialCharacter = /[^ !#-[\]-~]/gu;
const encoder = new TextEncoder();

/** A key of a dictionary: `mhlo.sharding`, `"two words"`. */
export function keyText(name: string): string {
  return bareIdentifier.test(name) ? name : stringText(name);
}

/** `@main`, `@"two words"`. */
export function symbolText(name: string): string {
  return bareIdentifier.test(name) ? `@${name}` : `@${stringText(name)}`;
}

/** True when `%name` needs no change. */
export function isValueName(name: string): boolean {
  return suffixIdentifier.test(name);
}

/**
 * A string literal. Bytes that do not print are escaped as `\0A`; a lone surrogate U+DC80 to U+DCFF stands for a byte that is not
 * UTF-8 (see string-literal.ts).
 */
export function stringText(value: string): string {
  if (plainString.test(value)) return `"${value}"`;
  return `"${value.replace(specialCharacter, escapedCharacter)}"`;
}

function escapedCharacter(character: string): string {
  if (character === '\\') return '\\\\';
  const code = character.codePointAt(0) ?? 0;
  const bytes = code >= 0xdc80 && code <= 0xdcff ? [code & 0xff] : encoder.encode(character);
  let text = '';
  for (const byte of bytes) text += `\\${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  return text;
}
