import { minimum } from '../stablehlo/minimum.ts';
import { broadcastBinary } from '../shared/chlo-broadcast.ts';

export const broadcastMinimum = broadcastBinary({
  name: 'chlo.broadcast_minimum',
  code: 'E2616',
  base: minimum,
});
