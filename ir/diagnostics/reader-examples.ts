/** Short modules around the one thing that an example of a reader's error shows. */

/** A module with one attribute. */
export function withAttribute(attribute: string): string {
  return `module attributes {x = ${attribute}} {\n}\n`;
}

/** A function declared over one type. */
export function withType(type: string): string {
  return `func.func private @f(${type})\n`;
}

/** A function with this body; its argument is a tensor of two floats, as is its result. */
export function withBody(...lines: readonly string[]): string {
  return `func.func @f(%a: tensor<2xf32>) -> tensor<2xf32> {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`;
}

/** An op with this location, in a function. */
export function withLocation(location: string, ...definitions: readonly string[]): string {
  return `${withBody(`return %a : tensor<2xf32> ${location}`)}${definitions.map((line) => `${line}\n`).join('')}`;
}
