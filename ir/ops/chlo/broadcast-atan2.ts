import { atan2 } from '../stablehlo/atan2.ts';
import { broadcastBinary } from '../shared/chlo-broadcast.ts';

export const broadcastAtan2 = broadcastBinary({
  name: 'chlo.broadcast_atan2',
  code: 'E2611',
  base: atan2,
});
