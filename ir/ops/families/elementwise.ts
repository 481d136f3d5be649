/** The elementwise family: see registry.ts. */
export const elementwiseOps = [] as const;
