/**
 * The remainder of floats, exact, with the sign of the dividend: C's fmod. WebAssembly has no instruction for it. Multiples y * 2^k are
 * subtracted from |x| from the largest down; each difference is exact, because what is subtracted is more than half of it.
 */
import type { WasmExpr, WasmModuleBuilder } from './builder.ts';
import { remainderName } from './scalar-instructions.ts';

/** Adds the function `(f64, f64) -> f64`. */
export function addRemainder(module: WasmModuleBuilder): void {
  module.function(module.uniqueName(remainderName), ['f64', 'f64'], 'f64', (f) => {
    const [x, y] = [f.parameter(0), f.parameter(1)];
    const [rest, multiple] = [f.local('f64'), f.local('f64')];
    const twice = (): WasmExpr => f.binary('AddFloat64', f.get(multiple), f.get(multiple));
    const fits = (): WasmExpr => f.binary('LeFloat64', twice(), f.get(rest));
    f.set(rest, f.unary('AbsFloat64', f.get(x)));
    f.set(multiple, f.unary('AbsFloat64', f.get(y)));
    const isDefined = f.binary(
      'AndInt32',
      f.binary('LtFloat64', f.get(rest), f.f64(Infinity)),
      f.binary('GtFloat64', f.get(multiple), f.f64(0)),
    );
    f.if(
      isDefined,
      () => {
        const least = f.hold('f64', f.get(multiple));
        f.if(fits(), () =>
          f.repeat(() => {
            f.set(multiple, twice());
            return fits;
          }),
        );
        f.while(
          () => {
            f.if(f.binary('GeFloat64', f.get(rest), f.get(multiple)), () =>
              f.set(rest, f.binary('SubFloat64', f.get(rest), f.get(multiple))),
            );
            return f.binary('GtFloat64', f.get(multiple), least());
          },
          () => f.set(multiple, f.binary('MulFloat64', f.get(multiple), f.f64(0.5))),
        );
      },
      () => f.set(rest, f.f64(NaN)),
    );
    f.emit(f.binary('CopySignFloat64', f.get(rest), f.get(x)));
  });
}
