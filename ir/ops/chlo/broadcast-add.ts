import { add } from '../stablehlo/add.ts';
import { broadcastBinary } from '../shared/chlo-broadcast.ts';

export const broadcastAdd = broadcastBinary({
  name: 'chlo.broadcast_add',
  code: 'E2609',
  base: add,
});
