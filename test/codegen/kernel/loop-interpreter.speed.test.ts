import { expect, it } from 'vitest';
import { LoopBuilder } from '../../../codegen/kernel/loop-builder.ts';
import * as e from '../../../codegen/kernel/loop-expressions.ts';
import { interpretKernel } from '../../../codegen/kernel/loop-interpreter.ts';
import { scalar, vector } from '../../../codegen/kernel/value-type.ts';
import { unknownLocation } from '../../../ir/location.ts';

// Measured on one core of a Xeon: see the commit. The bound is far below it, so that only a lost order of magnitude fails.
it('evaluates several million nodes a second', () => {
  for (const lanes of [1, 8]) {
    const size = 128;
    const b = new LoopBuilder();
    const x = b.parameter({ name: 'x', dtype: 'f32', size: size * size, access: 'read' });
    const w = b.parameter({ name: 'w', dtype: 'f32', size: size * size, access: 'read' });
    const y = b.parameter({ name: 'y', dtype: 'f32', size: size * size, access: 'write' });
    b.for({ mode: 'parallel', name: 'm', from: b.tileBegin, to: b.tileEnd }, (m) =>
      b.for({ name: 'n', to: size, step: lanes }, (n) => {
        const zero = e.splat(e.constant(scalar('f32'), 0), lanes);
        const [sum] = b.for({ name: 'k', to: size }, [zero], (k, [sum]) => {
          const rhs = e.load(w, e.add(e.multiply(k, size), n), lanes);
          return [e.fma(e.loadSplat(x, e.add(e.multiply(m, size), k), lanes), rhs, sum)];
        });
        b.store(y, e.add(e.multiply(m, size), n), e.maximum(sum, e.constant(vector('f32', lanes), 0)));
      }),
    );
    const kernel = b.kernel({ name: 'matmul', tiles: size, location: unknownLocation });
    const buffers = new Map([x, w, y].map((buffer) => [buffer.id, new Float32Array(size * size)]));
    const start = performance.now();
    interpretKernel(kernel, buffers, new Map(), 0, size);
    const seconds = (performance.now() - start) / 1000;
    const nodes = (size * size * size * 14) / lanes;
    if (process.env['TESSERA_SPEED'] !== undefined)
      console.log(lanes, 'lanes:', (nodes / seconds / 1e6).toFixed(1), 'M nodes/s');
    expect(nodes / seconds).toBeGreaterThan(1e6 / lanes);
  }
});
