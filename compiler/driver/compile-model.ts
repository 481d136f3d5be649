/** A verified module to what `tessera compile` gives: the files of a target, or one stage on the way to them as text. */
import { loopKernelText } from '../../codegen/kernel/loop-text.ts';
import { predictLoops } from '../../codegen/kernel/cost-model.ts';
import { predictionText } from '../../codegen/kernel/cost/prediction-text.ts';
import { type TargetInfo, wasmTarget, withThreads } from '../../codegen/kernel/target-info.ts';
import { sharingLimits } from '../../codegen/plan/shared-work.ts';
import { planKernels } from '../../codegen/plan/plan.ts';
import { planText } from '../../codegen/plan/plan-text.ts';
import { predictPlan } from '../../codegen/plan/predict-plan.ts';
import { emitWat, type WasmModule } from '../../codegen/wasm/emit.ts';
import type { DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import type { Tensor } from '../../ir/evaluator/tensor.ts';
import type { Operation } from '../../ir/operation.ts';
import { printModuleTo } from '../../ir/text/printer.ts';
import { optimise, planFunction, type PlanOptions } from './compile-module.ts';
import { bindDimensions, checkEqualDimensions, type DimensionChoices } from './dimensions.ts';
import { freezeParameters } from './freeze-parameters.ts';
import { filesError, findFunction } from './function-signature.ts';
import { type NamedTable, withSchedules } from './tuned-schedules.ts';
import { type Artifact, type Build, wasmArtifacts } from './wasm-artifacts.ts';

type Write = (chunk: string) => void;

interface Stage {
  readonly module: Operation;
  readonly name: string;
  readonly target: TargetInfo;
  readonly options: PlanOptions;
}

/** Stages as text, of the build without relaxed SIMD. */
const stages = {
  wat: ({ module, name, target, options }: Stage, write: Write) => {
    const threads = target.hasThreads ? sharingLimits : undefined;
    write(emitWat(planFunction(module, name, target, options), { relaxed: false, threads }));
  },
  kernel: ({ module, name, target, options }: Stage, write: Write) => {
    for (const kernel of planKernels(planFunction(module, name, target, options)))
      write(`// ${predictionText(predictLoops(kernel, target))}\n${loopKernelText(kernel)}\n`);
  },
  plan: ({ module, name, target, options }: Stage, write: Write) => {
    const plan = planFunction(module, name, target, options);
    write(planText(plan, predictPlan(plan, target)));
  },
  stablehlo: ({ module }: Stage, write: Write) => printModuleTo(module, write),
} as const;

export type EmitKind = keyof typeof stages | 'wasm';

export const emitKinds = ['wasm', 'wat', 'kernel', 'plan', 'stablehlo'] as const satisfies readonly EmitKind[];

export interface CompileRequest {
  /** `main`, or the only public one, unless given. */
  readonly functionName?: string | undefined;
  readonly emit: EmitKind;
  /** Of the files: letters, digits, `_`, `-` and `.`. */
  readonly name: string;
  /** With a second module that uses relaxed SIMD. */
  readonly relaxed: boolean;
  /** For several threads, where memory can be shared. */
  readonly threads?: boolean | undefined;
  /** Convolutions as the sums that they are, not by fewer multiplications. */
  readonly directSums?: boolean | undefined;
  /** Of sizes that the function leaves open. */
  readonly dimensions?: DimensionChoices | undefined;
  /** By the names of parameters: constants of what is compiled. */
  readonly weights?: ReadonlyMap<string, Tensor> | undefined;
  /** Beside the heuristic's. */
  readonly schedules?: NamedTable | undefined;
  /** Called with what comes next, for a person who waits. */
  readonly onProgress?: ((stage: string) => void) | undefined;
}

export interface CompiledModel {
  /** The files of the target, or one with the text of a stage. */
  readonly artifacts: readonly Artifact[];
  /** What was emitted for `wasm`. */
  readonly wasm?: WasmModule;
  /** What the modules were made of, for predictions (codegen/plan/predict-plan.ts). */
  readonly builds?: readonly Build[];
}

/** One module, and the sizes it is compiled for. */
export interface ModelVariant {
  readonly module: Operation;
  readonly dimensions?: DimensionChoices | undefined;
  /** By the names of parameters: constants of what is compiled. */
  readonly weights?: ReadonlyMap<string, Tensor> | undefined;
}

/** The module is changed. Undefined when it cannot be compiled; why is in the sink. */
export function compileModel(
  module: Operation,
  { dimensions, weights, ...request }: CompileRequest,
  sink: DiagnosticSink,
): CompiledModel | undefined {
  return compileVariants([{ module, dimensions, weights }], request, sink);
}

/** As {@link compileModel}, of modules that are the same model for different sizes: a call's shapes choose one of them. */
export function compileVariants(
  variants: readonly ModelVariant[],
  request: Omit<CompileRequest, 'dimensions' | 'weights'>,
  sink: DiagnosticSink,
): CompiledModel | undefined {
  const { functionName, emit, name, relaxed, threads = false, directSums, schedules } = request;
  const { onProgress = () => undefined } = request;
  try {
    checkArtifactName(name);
    const prepared = variants.map((variant) => prepareVariant(variant, functionName, sink, { directSums, onProgress }));
    const wanted = prepared[0] ?? '';
    if (sink.hasErrors) return undefined;
    const modules = variants.map(({ module }) => module);
    onProgress('making kernels');
    return withSchedules(schedules, sink, (tuned): CompiledModel => {
      const target = threads ? withThreads(wasmTarget) : wasmTarget;
      const stage = { name: wanted, target, options: { tuned, sink } };
      if (emit !== 'wasm') return { artifacts: [stageText(modules, emit, name, stage)] };
      const { files, baseline, builds } = wasmArtifacts(modules, {
        name,
        functionName: wanted,
        relaxed,
        threads,
        tuned,
        sink,
      });
      return { artifacts: files, wasm: baseline, builds };
    });
  } catch (error) {
    sink.catch(error);
    return undefined;
  }
}

/** Binds what is known and optimises; gives the function's name. Throws DiagnosticErrors; what else is wrong is in the sink. */
export function prepareVariant(
  { module, dimensions = new Map(), weights = new Map() }: ModelVariant,
  functionName: string | undefined,
  sink: DiagnosticSink,
  { directSums, onProgress = () => undefined }: Pick<CompileRequest, 'directSums' | 'onProgress'> = {},
): string {
  const { name } = findFunction(module, functionName);
  freezeParameters(module, weights);
  bindDimensions(module, name, dimensions);
  const onStart = (pass: string, index: number, count: number): void => onProgress(`${index + 1}/${count} ${pass}`);
  optimise(module, sink, { directSums, onStart });
  checkEqualDimensions(module, name, sink);
  return name;
}

function stageText(
  modules: readonly Operation[],
  stage: keyof typeof stages,
  name: string,
  rest: Omit<Stage, 'module'>,
): Artifact {
  const contents: string[] = [];
  for (const module of modules) stages[stage]({ module, ...rest }, (chunk) => contents.push(chunk));
  return { name: `${name}.${stage === 'stablehlo' ? 'mlir' : stage}`, contents };
}

function checkArtifactName(name: string): void {
  if (/^[\w.-]+$/.test(name)) return;
  throw filesError('E5016', `files cannot be named after '${name}'`, {
    hint: "give a name of letters, digits, '_', '-' and '.' with --name",
  });
}

/** `models/net.mlir` -> `net`; what files are named after unless a name is given. */
export function nameOfModel(path: string): string {
  const file = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  const dot = file.lastIndexOf('.');
  return path === '-' ? 'model' : dot > 0 ? file.slice(0, dot) : file;
}
