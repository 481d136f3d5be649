/** The control family: see registry.ts. */
export const controlOps = [] as const;
