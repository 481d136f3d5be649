import { shiftLeft } from '../stablehlo/shift-left.ts';
import { broadcastBinary } from '../shared/chlo-broadcast.ts';

export const broadcastShiftLeft = broadcastBinary({
  name: 'chlo.broadcast_shift_left',
  code: 'E2624',
  base: shiftLeft,
});
