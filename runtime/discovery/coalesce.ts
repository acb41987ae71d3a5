/**
 * A function that runs another, never twice at once. Whoever calls it while it runs waits for the next run, together with all who
 * do: the one under way may have looked before what they are after was there.
 */
export function coalesce(run: () => Promise<void>): () => Promise<void> {
  let current: Promise<void> | undefined
  let next: Promise<void> | undefined
  const begin = (): Promise<void> => {
    const started = run().finally(() => {
      if (current === started) current = undefined
    })
    current = started
    return started
  }
  return () => {
    if (next !== undefined) return next
    if (current === undefined) return begin()
    next = current
      .catch(() => {})
      .then(() => {
        next = undefined
        return begin()
      })
    return next
  }
}
