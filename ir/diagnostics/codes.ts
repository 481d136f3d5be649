/**
 * The ranges of error codes. E1xxx reading text; E20xx verifying any op; E21xx to E27xx the constraints of one op each; E3xxx
 * passes; E4xxx evaluating; E5xxx files and commands.
 */
export type DiagnosticCode = `E${number}` | `W${number}` | `R${number}`;
