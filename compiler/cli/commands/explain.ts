/** `tessera explain CODE`: the page of an error code, without a network. */
import { existsSync, readFileSync } from 'node:fs';
import type { RegisterCommand } from '../command.ts';
import { exitCodes, UsageError } from '../exit-code.ts';
import { packageFile } from '../package-file.ts';

export const registerExplain: RegisterCommand = (program, context) => {
  program
    .command('explain')
    .summary('say more about the code of a diagnostic')
    .description('Prints the page of an error code, as it stands in docs/errors.')
    .argument('<code>', 'what stands in brackets in a message: E2002')
    .action(
      context.action((given: string) => {
        const code = given.toUpperCase();
        if (!/^[EWR]\d{4}$/.test(code)) throw new UsageError(`'${given}' is not a code such as E2002`);
        const page = packageFile(`docs/errors/${code}.md`);
        if (!existsSync(page)) throw new UsageError(`there is no ${code}; docs/errors/README.md lists all codes`);
        context.terminal.out(withoutComments(readFileSync(page, 'utf8')));
        return exitCodes.done;
      }),
    );
};

function withoutComments(page: string): string {
  return page.replaceAll(/<!--.*?-->\n*/gs, '').replaceAll('&lt;', '<');
}
