/** The chlo family: see registry.ts. */
export const chloOps = [] as const;
