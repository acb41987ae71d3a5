/** NATS gives and takes durations in nanoseconds, as Go counts them. */
export const NANOSECONDS_PER_MS = 1_000_000
