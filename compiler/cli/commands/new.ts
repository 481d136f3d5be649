/** `tessera new NAME`: starts a project. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { filesError } from '../../driver/function-signature.ts';
import { checkProjectName, type ProjectFile, projectFiles } from '../../driver/new-project.ts';
import type { RegisterCommand } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { describeFileError } from '../file-error.ts';
import { packageVersion } from '../package-version.ts';
import { writeFilesAtomically } from '../write-file.ts';

export const registerNew: RegisterCommand = (program, context) => {
  program
    .command('new')
    .summary('start a project')
    .description('Makes a folder with a small program, its test, a package.json and a README. Overwrites nothing.')
    .argument('<name>', 'the folder to make; its last part names the project')
    .action(
      context.action((folder: string) => {
        const name = basename(folder);
        checkProjectName(name);
        const files = projectFiles(name, packageVersion());
        makeFolder(folder, files);
        context.terminal.out(files.map(({ path }) => `${join(folder, path)}\n`).join(''));
        context.terminal.err(`next: cd ${folder} && npm install && npx tessera test\n`);
        return exitCodes.done;
      }),
    );
};

/** The whole folder or none: it is made under another name beside its own. Throws a DiagnosticError (E5014, E5020). */
function makeFolder(folder: string, files: readonly ProjectFile[]): void {
  const parent = dirname(folder);
  let temporary: string | undefined;
  try {
    if (existsSync(folder)) throw filesError('E5020', `${folder} exists already`, { hint: 'choose another name' });
    mkdirSync(parent, { recursive: true });
    temporary = mkdtempSync(join(parent, '.tessera-new-'));
    const made = join(temporary, 'project');
    mkdirSync(made);
    writeFilesAtomically(files.map(({ path, text }) => ({ path: join(made, path), write: (chunk) => chunk(text) })));
    renameSync(made, folder);
  } catch (error) {
    const reason = describeFileError(error);
    throw reason === undefined ? error : filesError('E5014', `${folder}: ${reason}`);
  } finally {
    if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
  }
}
