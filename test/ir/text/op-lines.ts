/** Lines of ops inside a function, and how they print. */
import { type PrintOptions, printModule } from '../../../ir/text/printer.ts';
import { readModule } from './read.ts';

const parameters = [
  '%f: tensor<4x8xf32>',
  '%g: tensor<4x8xf32>',
  '%s: tensor<f32>',
  '%i: tensor<4x8xi32>',
  '%n: tensor<i32>',
  '%p: tensor<i1>',
  '%c: tensor<4x8xcomplex<f32>>',
  '%t: !stablehlo.token',
  '%d: tensor<?x8xf32>',
].join(', ');

/** A function with these lines as its body, from line 2 on. They may use `%f`, `%g`, ..., which print as `%arg0`, `%arg1`, ... */
export function functionWith(lines: string): string {
  return `func.func @main(${parameters}) {\n${lines}\nreturn\n}`;
}

/** The lines as they print, without the function around them. */
export function printedLines(lines: string, options: PrintOptions = {}): string {
  const text = printModule(readModule(functionWith(lines)), options).split('\n');
  const start = text.findIndex((line) => line.includes('@main')) + 1;
  const end = text.findLastIndex((line) => /^ {4}("func\.)?return/.test(line));
  const body = text.slice(start, end).map((line) => line.slice(4));
  return body.join('\n');
}
