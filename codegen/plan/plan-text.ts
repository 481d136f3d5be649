/** A plan as text: `--emit plan`. */
import { sizeText } from '../kernel/size.ts';
import type { KernelTraffic } from '../kernelize/traffic.ts';
import type { PlanPrediction, StepPrediction } from './predict-plan.ts';
import { secondsText } from '../kernel/cost/prediction-text.ts';
import type { Donation, Plan, PlanBuffer, PlanPlace, PlanStep, PlanValue } from './plan.ts';

/** With what each step is expected to take, where somebody has predicted it. */
export function planText(plan: Plan, prediction?: PlanPrediction): string {
  const predicted = new Map(prediction?.steps.map((each) => [each.step, each] as const));
  const lines = [
    `plan @${plan.name}(${plan.inputs.map(valueText).join(', ')}) -> (${plan.outputs.map(valueText).join(', ')})`,
    `  peak ${plan.peakBytes} bytes; largest live set ${plan.lowerBoundBytes}; in program order ${plan.programOrderBytes}`,
    `  constants ${plan.constants.length}, ${plan.constantBytes} bytes`,
    ...plan.donations.map((each) => `  ${donationText(plan, each)}`),
    ...(prediction === undefined ? [] : [`  ${totalText(prediction)}`]),
    ...plan.steps.flatMap((step) => stepLines(step, '  ', predicted)),
  ];
  return `${lines.join('\n')}\n`;
}

type Predicted = ReadonlyMap<PlanStep, StepPrediction>;

function totalText({ seconds, borderSeconds }: PlanPrediction): string {
  return `predicted ${secondsText(seconds)}, and ${secondsText(borderSeconds)} for arguments and results where they are copied`;
}

/** `; predicted 12.3 us (multiply)`. */
function predictedText(step: PlanStep, predicted: Predicted): string {
  const prediction = predicted.get(step)?.prediction;
  return prediction === undefined ? '' : `; predicted ${secondsText(prediction.seconds)} (${prediction.boundBy})`;
}

function donationText({ inputs, outputs }: Plan, { input, output }: Donation): string {
  return `${inputs[input]?.name ?? ''} is updated in place and becomes ${outputs[output]?.name ?? ''}`;
}

function valueText({ name, dtype, shape }: PlanValue): string {
  return `${name}: ${dtype}[${shape.map(sizeText).join(', ')}]`;
}

function stepLines(step: PlanStep, indent: string, predicted: Predicted): readonly string[] {
  const inner = (steps: readonly PlanStep[]): readonly string[] =>
    steps.flatMap((each) => stepLines(each, `${indent}  `, predicted));
  switch (step.kind) {
    case 'call':
      return [
        `${indent}call ${step.kernel.name}(${step.buffers.map(bufferText).join(', ')})${trafficText(step.traffic)}${predictedText(step, predicted)}`,
      ];
    case 'copy':
      return [`${indent}copy ${bufferText(step.from)} -> ${bufferText(step.to)}${predictedText(step, predicted)}`];
    case 'while':
      return [
        `${indent}while`,
        ...inner(step.before),
        `${indent}is ${bufferText(step.condition)} do`,
        ...inner(step.body),
        `${indent}end`,
      ];
    case 'case':
      return [
        `${indent}case ${bufferText(step.index)}`,
        ...step.branches.flatMap((branch, index) => [`${indent}of ${index}`, ...inner(branch)]),
        `${indent}end`,
      ];
    default:
      return step satisfies never;
  }
}

/** `; moves 8192 bytes, 1.00 of the least`. */
function trafficText(traffic: KernelTraffic | undefined): string {
  if (traffic === undefined || !Number.isFinite(traffic.movedBytes)) return '';
  const { minimumBytes, movedBytes } = traffic;
  const ratio = minimumBytes === 0 ? 1 : movedBytes / minimumBytes;
  return `; moves ${movedBytes} bytes, ${ratio.toFixed(2)} of the least`;
}

function bufferText({ place, byteOffset, dtype, size }: PlanBuffer): string {
  const shift = byteOffset === 0 ? '' : `+${sizeText(byteOffset)}`;
  return `${placeText(place)}${shift} ${dtype}x${sizeText(size)}`;
}

function placeText(place: PlanPlace): string {
  return place.kind === 'arena' || place.kind === 'constant'
    ? `${place.kind}[${place.offset}]`
    : `${place.kind} ${place.index}`;
}
