/** For an option that may be given several times: `.option('--in <name=file>', '...', collectValues)`. */
export function collectValues(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value];
}
