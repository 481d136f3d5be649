/** Sub-byte integers and booleans take a whole byte outside the compiler, which may hold more than they can. */
import { DiagnosticError } from '../../ir/diagnostics/diagnostic.ts';
import { type DType, dtypeInfo, integerRange } from '../../ir/dtype.ts';
import type { ElementsArray } from '../../ir/elements.ts';

/** Throws a DiagnosticError (E5005) that names `place` and the first element that `dtype` cannot hold. */
export function checkElementRange(values: ElementsArray, dtype: DType, place: string): void {
  const { bits, kind } = dtypeInfo(dtype);
  if (bits >= 8 || kind === 'float') return;
  const [min, max] = integerRange(dtype).map(Number);
  for (const [index, value] of values.entries()) {
    if (Number(value) < (min ?? 0) || Number(value) > (max ?? 0)) {
      throw new DiagnosticError({
        code: 'E5005',
        message: `${place}: element ${index} is ${value}, which ${dtype} cannot hold (${min} to ${max})`,
      });
    }
  }
}
