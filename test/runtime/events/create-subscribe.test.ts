import { expect, test, vi } from 'vitest'
import { createSubscribe } from '../../../runtime/events/create-subscribe.js'

const open = vi.fn(async () => 'a subscription')
const iterate = vi.fn(() => 'a loop')
const subscribe = createSubscribe({ tag: 'notes.saved', open, iterate })
const handler = (): void => {}

test('subscribe with a handler opens a subscription, with its options if there are some', async () => {
  expect(await subscribe(handler)).toBe('a subscription')
  expect(await subscribe(handler, { self: true })).toBe('a subscription')
  expect(open.mock.calls).toEqual([
    [handler, undefined],
    [handler, { self: true }],
  ])
})

test.each([[[]], [[undefined]], [[undefined, undefined]], [[{ self: true }]], [[{ self: true }, undefined]]])(
  'subscribe without a handler is for a loop: %j',
  (args: unknown[]) => {
    iterate.mockClear()
    expect(subscribe(...args)).toBe('a loop')
    expect(iterate).toHaveBeenCalledExactlyOnceWith(args[0])
  },
)

test.each<[unknown, unknown, string]>([
  [undefined, { self: true }, 'undefined'],
  [null, { self: true }, 'null'],
  [{ self: true }, handler, '{"self":true}'],
])('options beside a handler that is none are refused, and not dropped, after %j', (first, second, printed) => {
  iterate.mockClear()
  expect(() => subscribe(first, second)).toThrow(
    expect.objectContaining({
      code: 'invalid_argument',
      message: `subscribe of notes.saved was given ${printed} and a second argument, expected subscribe(handler, options), or subscribe(options) for a loop`,
    }),
  )
  expect(iterate).not.toHaveBeenCalled()
})
