/** For how many seconds this thread has had a processor. */
export function processorSeconds(): number;
