/**
 * Arguments that the caller gives away: a result may take their memory. JAX writes `tf.aliasing_output = 1 : i32` where it knows the
 * result, and `jax.buffer_donor = true` where any result of the same type will do (`jax.jit(..., donate_argnums=...)`).
 */
import type { Attribute, AttributeMap } from '../../ir/attributes.ts';
import { DiagnosticError } from '../../ir/diagnostics/diagnostic.ts';
import type { Operation, Value } from '../../ir/operation.ts';
import type { Donation } from './plan.ts';

const aliasingOutput = 'tf.aliasing_output';
const bufferDonor = 'jax.buffer_donor';

/** Which argument becomes which result. A donor that fits no result is left alone. Throws DiagnosticErrors (E3104). */
export function donatedArguments(func: Operation): readonly Donation[] {
  const attributes = argumentAttributes(func);
  const results = func.region().block.terminator?.operands ?? [];
  const taken = new Map<number, number>();
  for (const [input, entries] of attributes.entries()) {
    const wanted = entries.get(aliasingOutput);
    if (wanted !== undefined) taken.set(checkedOutput(func, input, wanted, results, taken), input);
  }
  for (const [input, entries] of attributes.entries()) {
    if (!isDonor(func, input, entries)) continue;
    const output = results.findIndex(({ type }, index) => !taken.has(index) && type === argument(func, input).type);
    if (output >= 0) taken.set(output, input);
  }
  return [...taken].map(([output, input]) => ({ input, output })).toSorted((a, b) => a.input - b.input);
}

function argumentAttributes(func: Operation): readonly AttributeMap[] {
  const list = func.attribute('arg_attrs');
  const elements = list?.kind === 'array' ? list.elements : [];
  return elements.map((each) => (each.kind === 'dictionary' ? each.entries : new Map<string, Attribute>()));
}

function argument(func: Operation, input: number): Value {
  return func.region().block.argument(input);
}

function checkedOutput(
  func: Operation,
  input: number,
  wanted: Attribute,
  results: readonly Value[],
  taken: ReadonlyMap<number, number>,
): number {
  const output = wanted.kind === 'integer' ? Number(wanted.value) : -1;
  const result = results[output];
  if (result === undefined) {
    const range = results.length === 0 ? 'the function has no result' : `an integer from 0 to ${results.length - 1}`;
    throw problem(func, `argument ${input}: ${aliasingOutput} does not name a result`, `write ${range}`);
  }
  const { type } = argument(func, input);
  if (type !== result.type)
    throw problem(
      func,
      `argument ${input} of type ${type.text} cannot become result ${output} of type ${result.type.text}`,
      'an argument and the result in its memory have one type',
    );
  const other = taken.get(output);
  if (other !== undefined)
    throw problem(
      func,
      `arguments ${other} and ${input} both want the memory of result ${output}`,
      `drop one ${aliasingOutput}`,
    );
  return output;
}

function isDonor(func: Operation, input: number, entries: AttributeMap): boolean {
  const donor = entries.get(bufferDonor);
  if (donor === undefined) return false;
  if (donor.kind !== 'bool') throw problem(func, `argument ${input}: ${bufferDonor} is true or false`, 'write true');
  if (donor.value && entries.has(aliasingOutput))
    throw problem(func, `argument ${input} has both ${aliasingOutput} and ${bufferDonor}`, 'drop one of them');
  return donor.value;
}

function problem(func: Operation, message: string, hint: string): DiagnosticError {
  return new DiagnosticError({ code: 'E3104', message, span: func.span, location: func.location, hint });
}
