import { and } from '../stablehlo/and.ts';
import { broadcastBinary } from '../shared/chlo-broadcast.ts';

export const broadcastAnd = broadcastBinary({
  name: 'chlo.broadcast_and',
  code: 'E2610',
  base: and,
});
