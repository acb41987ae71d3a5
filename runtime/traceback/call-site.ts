/** Where a stub was called: an object whose `stack` V8 writes only when it is read. */
export interface CallSite {
  readonly stack: string
}

/** Remembers the caller of `stub`. The frames of `stub` and of everything that it called are left out. */
export function captureCallSite(stub: (...input: never[]) => unknown): CallSite {
  const site = { stack: '' }
  Error.captureStackTrace(site, stub)
  return site
}
