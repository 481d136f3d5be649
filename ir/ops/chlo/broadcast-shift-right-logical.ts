import { shiftRightLogical } from '../stablehlo/shift-right-logical.ts';
import { broadcastBinary } from '../shared/chlo-broadcast.ts';

export const broadcastShiftRightLogical = broadcastBinary({
  name: 'chlo.broadcast_shift_right_logical',
  code: 'E2626',
  base: shiftRightLogical,
});
