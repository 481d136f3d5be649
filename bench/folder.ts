/** The folder of the benchmark, for what is looked up in it: also for a bundle of its files, which lies there. */
export const benchFolder = new URL('./', import.meta.url);
