import { printValue } from '../../errors/print-value.js'
import { refuse } from '../../errors/refuse.js'
import type { Part } from '../../validation/check-value.js'
import type { ConnectionChecks } from '../../validation/validate.js'
import { recheckPart } from '../interceptors/recheck-part.js'
import { type AnyIterator, closeIterator, openIterator, takeNext } from './iterate.js'

/** The iterator of what interceptors have made of a stream. Throws `internal` where it is none. */
export function openIntercepted(tag: string, part: Part, items: unknown): AnyIterator {
  const iterator = openIterator(items)
  if (iterator !== undefined) return iterator
  const problem = `it is ${printValue(items)}, expected an async iterable`
  throw refuse('internal', `${part} of ${tag}, as an interceptor left it, is refused: ${problem}`, {
    maybeExecuted: part === 'output',
  })
}

/** An input stream that the callee's interceptors have made, its items checked again when they are read. */
export function recheckItems(tag: string, checks: ConnectionChecks, items: unknown): AsyncGenerator<unknown> {
  return readItems(openIntercepted(tag, 'input', items), (item, index) =>
    recheckPart(tag, 'input', checks, item, index),
  )
}

async function* readItems(
  iterator: AnyIterator,
  read: (item: unknown, index: number) => unknown,
): AsyncGenerator<unknown> {
  let isOpen = true
  try {
    for (let index = 0; ; index++) {
      isOpen = false
      const result = await takeNext(iterator)
      if (result.done === true) return
      isOpen = true
      yield read(result.value, index)
    }
  } finally {
    // What has ended, or has thrown, is not closed a second time; what closing throws has nobody to hear it.
    if (isOpen) closeIterator(iterator, () => {})
  }
}
