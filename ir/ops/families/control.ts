/** The control family: see registry.ts. */
import { moduleOp } from '../builtin/module.ts';
import { expectAlmostEqConst } from '../check/expect-almost-eq-const.ts';
import { expectAlmostEq } from '../check/expect-almost-eq.ts';
import { expectClose } from '../check/expect-close.ts';
import { expectEqConst } from '../check/expect-eq-const.ts';
import { expectEq } from '../check/expect-eq.ts';
import { expectSerializedEq } from '../check/expect-serialized-eq.ts';
import { call } from '../func/call.ts';
import { func } from '../func/func.ts';
import { funcReturn } from '../func/return.ts';
import { print } from '../interpreter/print.ts';
import { probe } from '../interpreter/probe.ts';
import { runParallel } from '../interpreter/run-parallel.ts';
import { afterAll } from '../stablehlo/after-all.ts';
import { asyncDone } from '../stablehlo/async-done.ts';
import { asyncStart } from '../stablehlo/async-start.ts';
import { caseOp } from '../stablehlo/case.ts';
import { composite } from '../stablehlo/composite.ts';
import { createToken } from '../stablehlo/create-token.ts';
import { customCall } from '../stablehlo/custom-call.ts';
import { getTupleElement } from '../stablehlo/get-tuple-element.ts';
import { ifOp } from '../stablehlo/if.ts';
import { infeed } from '../stablehlo/infeed.ts';
import { optimizationBarrier } from '../stablehlo/optimization-barrier.ts';
import { outfeed } from '../stablehlo/outfeed.ts';
import { recv } from '../stablehlo/recv.ts';
import { returnOp } from '../stablehlo/return.ts';
import { send } from '../stablehlo/send.ts';
import { tupleOp } from '../stablehlo/tuple.ts';
import { whileOp } from '../stablehlo/while.ts';

export const controlOps = [
  moduleOp,
  expectAlmostEq,
  expectAlmostEqConst,
  expectClose,
  expectEq,
  expectEqConst,
  expectSerializedEq,
  call,
  func,
  funcReturn,
  print,
  probe,
  runParallel,
  afterAll,
  asyncDone,
  asyncStart,
  caseOp,
  composite,
  createToken,
  customCall,
  getTupleElement,
  ifOp,
  infeed,
  optimizationBarrier,
  outfeed,
  recv,
  returnOp,
  send,
  tupleOp,
  whileOp,
] as const;
