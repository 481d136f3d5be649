import { zeta } from './zeta.ts';
import { broadcastBinary } from '../shared/chlo-broadcast.ts';

export const broadcastZeta = broadcastBinary({
  name: 'chlo.broadcast_zeta',
  code: 'E2629',
  base: zeta,
});
