/** What gives items one by one: by promises, or at once. */
export type AnyIterator = AsyncIterator<unknown, unknown> | Iterator<unknown, unknown>

/** The iterator of an async iterable or an iterable; undefined for any other value, texts among them. */
export function openIterator(value: unknown): AnyIterator | undefined {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined
  const { [Symbol.asyncIterator]: openAsync, [Symbol.iterator]: open } = value as Partial<
    AsyncIterable<unknown> & Iterable<unknown>
  >
  if (typeof openAsync === 'function') return openAsync.call(value)
  return typeof open === 'function' ? open.call(value) : undefined
}

/** A stream as an async iterable; undefined where it is neither that nor an iterable. Nothing is read before its first step. */
export function toAsyncIterable(value: unknown): AsyncIterable<unknown> | undefined {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined
  if (Symbol.asyncIterator in value) return value as AsyncIterable<unknown>
  return Symbol.iterator in value ? readLater(value as Iterable<unknown>) : undefined
}

async function* readLater(items: Iterable<unknown>): AsyncGenerator<unknown> {
  yield* items
}

/** The iterator's next step: a function, so that it can be run within a context. */
export function takeNext(iterator: AnyIterator): Promise<IteratorResult<unknown>> | IteratorResult<unknown> {
  return iterator.next()
}

/** Ends an iterator: its `finally` runs, at once or when what it awaits is there. What that throws is told to `onError`. */
export function closeIterator(iterator: AnyIterator, onError: (error: unknown) => void): void {
  try {
    void Promise.resolve(iterator.return?.()).catch(onError)
  } catch (error) {
    onError(error)
  }
}
