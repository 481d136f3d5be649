import { xor } from '../stablehlo/xor.ts';
import { broadcastBinary } from '../shared/chlo-broadcast.ts';

export const broadcastXor = broadcastBinary({
  name: 'chlo.broadcast_xor',
  code: 'E2628',
  base: xor,
});
