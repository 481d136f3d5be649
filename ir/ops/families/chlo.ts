/** The ops of chlo, the dialect of client-side conveniences over StableHLO. */
import { asinAcosKernel } from '../chlo/asin-acos-kernel.ts';
import { acos } from '../chlo/acos.ts';
import { acosh } from '../chlo/acosh.ts';
import { asin } from '../chlo/asin.ts';
import { asinh } from '../chlo/asinh.ts';
import { atan } from '../chlo/atan.ts';
import { atanh } from '../chlo/atanh.ts';
import { besselI1e } from '../chlo/bessel-i1e.ts';
import { broadcastAdd } from '../chlo/broadcast-add.ts';
import { broadcastAnd } from '../chlo/broadcast-and.ts';
import { broadcastAtan2 } from '../chlo/broadcast-atan2.ts';
import { broadcastCompare } from '../chlo/broadcast-compare.ts';
import { broadcastComplex } from '../chlo/broadcast-complex.ts';
import { broadcastDivide } from '../chlo/broadcast-divide.ts';
import { broadcastMaximum } from '../chlo/broadcast-maximum.ts';
import { broadcastMinimum } from '../chlo/broadcast-minimum.ts';
import { broadcastMultiply } from '../chlo/broadcast-multiply.ts';
import { broadcastNextAfter } from '../chlo/broadcast-next-after.ts';
import { broadcastOr } from '../chlo/broadcast-or.ts';
import { broadcastPolygamma } from '../chlo/broadcast-polygamma.ts';
import { broadcastPower } from '../chlo/broadcast-power.ts';
import { broadcastRemainder } from '../chlo/broadcast-remainder.ts';
import { broadcastSelect } from '../chlo/broadcast-select.ts';
import { broadcastShiftLeft } from '../chlo/broadcast-shift-left.ts';
import { broadcastShiftRightArithmetic } from '../chlo/broadcast-shift-right-arithmetic.ts';
import { broadcastShiftRightLogical } from '../chlo/broadcast-shift-right-logical.ts';
import { broadcastSubtract } from '../chlo/broadcast-subtract.ts';
import { broadcastXor } from '../chlo/broadcast-xor.ts';
import { broadcastZeta } from '../chlo/broadcast-zeta.ts';
import { conj } from '../chlo/conj.ts';
import { chloConstant } from '../chlo/constant.ts';
import { constantLike } from '../chlo/constant-like.ts';
import { cosh } from '../chlo/cosh.ts';
import { digamma } from '../chlo/digamma.ts';
import { erf } from '../chlo/erf.ts';
import { erfInv } from '../chlo/erf-inv.ts';
import { erfc } from '../chlo/erfc.ts';
import { isInf } from '../chlo/is-inf.ts';
import { isNegInf } from '../chlo/is-neg-inf.ts';
import { isPosInf } from '../chlo/is-pos-inf.ts';
import { lgamma } from '../chlo/lgamma.ts';
import { mulhi } from '../chlo/mulhi.ts';
import { nextAfter } from '../chlo/next-after.ts';
import { polygamma } from '../chlo/polygamma.ts';
import { raggedDot } from '../chlo/ragged-dot.ts';
import { scan } from '../chlo/scan.ts';
import { sinh } from '../chlo/sinh.ts';
import { square } from '../chlo/square.ts';
import { chloTan } from '../chlo/tan.ts';
import { topK } from '../chlo/top-k.ts';
import { zeta } from '../chlo/zeta.ts';

export const chloOps = [
  asinAcosKernel,
  acos,
  acosh,
  asin,
  asinh,
  atan,
  atanh,
  besselI1e,
  broadcastAdd,
  broadcastAnd,
  broadcastAtan2,
  broadcastCompare,
  broadcastComplex,
  broadcastDivide,
  broadcastMaximum,
  broadcastMinimum,
  broadcastMultiply,
  broadcastNextAfter,
  broadcastOr,
  broadcastPolygamma,
  broadcastPower,
  broadcastRemainder,
  broadcastSelect,
  broadcastShiftLeft,
  broadcastShiftRightArithmetic,
  broadcastShiftRightLogical,
  broadcastSubtract,
  broadcastXor,
  broadcastZeta,
  conj,
  chloConstant,
  constantLike,
  cosh,
  digamma,
  erf,
  erfInv,
  erfc,
  isInf,
  isNegInf,
  isPosInf,
  lgamma,
  mulhi,
  nextAfter,
  polygamma,
  raggedDot,
  scan,
  sinh,
  square,
  chloTan,
  topK,
  zeta,
] as const;
