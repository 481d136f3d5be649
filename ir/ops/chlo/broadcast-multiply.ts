import { multiply } from '../stablehlo/multiply.ts';
import { broadcastBinary } from '../shared/chlo-broadcast.ts';

export const broadcastMultiply = broadcastBinary({
  name: 'chlo.broadcast_multiply',
  code: 'E2617',
  base: multiply,
});
