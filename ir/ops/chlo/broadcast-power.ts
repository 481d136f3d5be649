import { power } from '../stablehlo/power.ts';
import { broadcastBinary } from '../shared/chlo-broadcast.ts';

export const broadcastPower = broadcastBinary({
  name: 'chlo.broadcast_power',
  code: 'E2621',
  base: power,
});
