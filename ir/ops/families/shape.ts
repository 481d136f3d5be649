/** The shape family: see registry.ts. */
export const shapeOps = [] as const;
