import { divide } from '../stablehlo/divide.ts';
import { broadcastBinary } from '../shared/chlo-broadcast.ts';

export const broadcastDivide = broadcastBinary({
  name: 'chlo.broadcast_divide',
  code: 'E2614',
  base: divide,
});
