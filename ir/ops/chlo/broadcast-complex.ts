import { complex } from '../stablehlo/complex.ts';
import { broadcastBinary } from '../shared/chlo-broadcast.ts';

export const broadcastComplex = broadcastBinary({
  name: 'chlo.broadcast_complex',
  code: 'E2613',
  base: complex,
});
