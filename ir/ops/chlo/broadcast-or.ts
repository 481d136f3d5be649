import { or } from '../stablehlo/or.ts';
import { broadcastBinary } from '../shared/chlo-broadcast.ts';

export const broadcastOr = broadcastBinary({
  name: 'chlo.broadcast_or',
  code: 'E2619',
  base: or,
});
