/** The shape family: data movement, and the ops that walk a region over elements. See registry.ts. */
import { broadcast } from '../stablehlo/broadcast.ts';
import { broadcastInDim } from '../stablehlo/broadcast-in-dim.ts';
import { concatenate } from '../stablehlo/concatenate.ts';
import { dynamicBroadcastInDim } from '../stablehlo/dynamic-broadcast-in-dim.ts';
import { dynamicGather } from '../stablehlo/dynamic-gather.ts';
import { dynamicIota } from '../stablehlo/dynamic-iota.ts';
import { dynamicPad } from '../stablehlo/dynamic-pad.ts';
import { dynamicReshape } from '../stablehlo/dynamic-reshape.ts';
import { dynamicSlice } from '../stablehlo/dynamic-slice.ts';
import { dynamicUpdateSlice } from '../stablehlo/dynamic-update-slice.ts';
import { gather } from '../stablehlo/gather.ts';
import { getDimensionSize } from '../stablehlo/get-dimension-size.ts';
import { iota } from '../stablehlo/iota.ts';
import { map } from '../stablehlo/map.ts';
import { pad } from '../stablehlo/pad.ts';
import { realDynamicSlice } from '../stablehlo/real-dynamic-slice.ts';
import { reduce } from '../stablehlo/reduce.ts';
import { reduceWindow } from '../stablehlo/reduce-window.ts';
import { reshape } from '../stablehlo/reshape.ts';
import { reverse } from '../stablehlo/reverse.ts';
import { scatter } from '../stablehlo/scatter.ts';
import { selectAndScatter } from '../stablehlo/select-and-scatter.ts';
import { setDimensionSize } from '../stablehlo/set-dimension-size.ts';
import { slice } from '../stablehlo/slice.ts';
import { sort } from '../stablehlo/sort.ts';
import { torchIndexSelect } from '../stablehlo/torch-index-select.ts';
import { transpose } from '../stablehlo/transpose.ts';

export const shapeOps = [
  broadcast,
  broadcastInDim,
  concatenate,
  dynamicBroadcastInDim,
  dynamicGather,
  dynamicIota,
  dynamicPad,
  dynamicReshape,
  dynamicSlice,
  dynamicUpdateSlice,
  gather,
  getDimensionSize,
  iota,
  map,
  pad,
  realDynamicSlice,
  reduce,
  reduceWindow,
  reshape,
  reverse,
  scatter,
  selectAndScatter,
  setDimensionSize,
  slice,
  sort,
  torchIndexSelect,
  transpose,
] as const;
