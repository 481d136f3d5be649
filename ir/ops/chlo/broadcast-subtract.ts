import { subtract } from '../stablehlo/subtract.ts';
import { broadcastBinary } from '../shared/chlo-broadcast.ts';

export const broadcastSubtract = broadcastBinary({
  name: 'chlo.broadcast_subtract',
  code: 'E2627',
  base: subtract,
});
