import { ContextValues, createContextKey } from 'netgen/runtime'
import { describe, expect, test } from 'vitest'

const userKey = createContextKey<{ name: string }>('user')

describe('context values', () => {
  test('are found by key, and not by name', () => {
    const [left, right] = [createContextKey<number>('same'), createContextKey<number>('same')]
    const values = new ContextValues().set(left, 1)
    expect([values.get(left), values.get(right)]).toEqual([1, undefined])
  })

  test('that are required and were not set say what is missing', () => {
    expect(() => new ContextValues().require(userKey)).toThrow(
      expect.objectContaining({
        code: 'internal',
        message: 'context value "user" is not set: give createPeer the interceptor that sets it',
      }),
    )
    expect(new ContextValues().set(createContextKey<undefined>('nothing'), undefined).get(userKey)).toBeUndefined()
  })
})
