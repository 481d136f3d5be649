import { polygamma } from './polygamma.ts';
import { broadcastBinary } from '../shared/chlo-broadcast.ts';

export const broadcastPolygamma = broadcastBinary({
  name: 'chlo.broadcast_polygamma',
  code: 'E2620',
  base: polygamma,
});
