/** The collective family: see registry.ts. */
export const collectiveOps = [] as const;
