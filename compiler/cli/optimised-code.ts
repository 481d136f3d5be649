/** What is measured runs as the engine's best code from the first call on: without, a busy machine would be timed while it still compiles. */
import { setFlagsFromString } from 'node:v8';

/** For modules that `run` makes. */
export function withOptimisedCode<T>(run: () => T): T {
  setFlagsFromString('--no-liftoff');
  try {
    return run();
  } finally {
    setFlagsFromString('--liftoff');
  }
}
