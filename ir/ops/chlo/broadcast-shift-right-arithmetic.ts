import { shiftRightArithmetic } from '../stablehlo/shift-right-arithmetic.ts';
import { broadcastBinary } from '../shared/chlo-broadcast.ts';

export const broadcastShiftRightArithmetic = broadcastBinary({
  name: 'chlo.broadcast_shift_right_arithmetic',
  code: 'E2625',
  base: shiftRightArithmetic,
});
