import { nextAfter } from './next-after.ts';
import { broadcastBinary } from '../shared/chlo-broadcast.ts';

export const broadcastNextAfter = broadcastBinary({
  name: 'chlo.broadcast_next_after',
  code: 'E2618',
  base: nextAfter,
});
