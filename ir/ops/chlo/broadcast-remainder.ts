import { remainder } from '../stablehlo/remainder.ts';
import { broadcastBinary } from '../shared/chlo-broadcast.ts';

export const broadcastRemainder = broadcastBinary({
  name: 'chlo.broadcast_remainder',
  code: 'E2622',
  base: remainder,
});
