/** Checking in memory: what `tessera check` does. */
import { checkModel } from '../driver/load-model.ts';
import { type ModelOptions, settingsOf } from './model-options.ts';
import { filesOf, type ModelSource } from './model-source.ts';
import { type Failure, failureOf, type Report, reportOf } from './outcome.ts';

export interface Checked extends Report {
  readonly ok: true;
}

/** Reads and verifies a model, and says all that is wrong with it: for all sizes and settings but those given. */
export function check(source: ModelSource, options: Pick<ModelOptions, 'settings'> = {}): Checked | Failure {
  const sink = checkModel(source.main, { files: filesOf(source), isSplit: false, settings: settingsOf(options) });
  return sink.hasErrors ? failureOf(sink) : { ok: true, ...reportOf(sink) };
}
