/**
 * Before the first test: `npm test`, and any run with CI set, installs what is missing; another run only says what will be skipped. Takes
 * milliseconds when all is there.
 */
import { isContinuousIntegration, missingText } from './components.ts';
import { installMissing, missingComponents } from './install.ts';

export function setup(): void {
  const missing = missingComponents();
  const say = (line: string): void => void process.stderr.write(`set-up: ${line}\n`);
  const mayInstall = isContinuousIntegration() || process.env['npm_lifecycle_event'] === 'test';
  if (mayInstall) installMissing(missing, say);
  else for (const name of missing) say(`${missingText(name)}; \`npm test\` installs it`);
}
