import { maximum } from '../stablehlo/maximum.ts';
import { broadcastBinary } from '../shared/chlo-broadcast.ts';

export const broadcastMaximum = broadcastBinary({
  name: 'chlo.broadcast_maximum',
  code: 'E2615',
  base: maximum,
});
