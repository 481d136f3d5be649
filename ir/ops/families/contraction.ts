/** The contraction family: see registry.ts. */
export const contractionOps = [] as const;
