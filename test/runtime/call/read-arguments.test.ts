import { describe, expect, test } from 'vitest'
import { ConnectedConnection } from '../../../runtime/call/connected-connection.js'
import { readCallAllArguments, readCallArguments } from '../../../runtime/call/read-arguments.js'
import { describeConnection } from './descriptors.js'

const save = new ConnectedConnection(describeConnection('save'))
const list = new ConnectedConnection(describeConnection('list', { input: 'none' }))
const signal = new AbortController().signal

describe('the arguments of a call', () => {
  test.each<[ConnectedConnection, readonly unknown[], unknown, object]>([
    [save, [1], 1, {}],
    [save, [undefined], undefined, {}],
    [save, [], undefined, {}],
    [save, [1, undefined], 1, {}],
    [save, [{ peer: 'x' }], { peer: 'x' }, {}],
    [save, [1, { peer: 'x', timeoutMs: 5, signal }], 1, { peer: 'x', timeoutMs: 5, signal }],
    [save, [1, { signal: undefined }], 1, { signal: undefined }],
    [save, [1, { peer: null }], 1, { peer: null }],
    [list, [], undefined, {}],
    [list, [undefined], undefined, {}],
    [list, [{ peer: 'x' }], undefined, { peer: 'x' }],
  ])('%# are taken apart', (connection, args, input, options) => {
    expect(readCallArguments(connection, args)).toEqual({ input, options })
  })

  test.each<[string, ConnectedConnection, readonly unknown[], string]>([
    ['three', save, [1, {}, 2], 'notes.save was called with 3 arguments, expected (input, options)'],
    ['two', list, [1, {}], 'notes.list was called with 2 arguments, expected (options): it takes no input'],
    ['a text', save, [1, 'peer'], 'options of notes.save are "peer", expected an object such as { peer }'],
    ['null', save, [1, null], 'options of notes.save are null, expected an object such as { peer }'],
    ['an input', list, [5], 'options of notes.list are 5, expected an object such as { peer }'],
    ['a typing error', save, [1, { per: 1 }], 'option "per" of notes.save is unknown: did you mean "peer"?'],
    [
      'a foreign option',
      save,
      [1, { retry: 1 }],
      'option "retry" of notes.save is unknown: expected peer, timeoutMs, retryMs, signal, detached',
    ],
    [
      'an option of all',
      save,
      [1, { hubsOnly: true }],
      'option "hubsOnly" of notes.save is unknown: expected peer, timeoutMs, retryMs, signal, detached',
    ],
    ['a signal that is none', save, [1, { signal: 5 }], 'option "signal" of notes.save is 5, expected an AbortSignal'],
    [
      'a controller',
      save,
      [1, { signal: new AbortController() }],
      'option "signal" of notes.save is an instance of AbortController, expected an AbortSignal',
    ],
  ])('are refused: %s', (_, connection, args, message) => {
    expect(() => readCallArguments(connection, args)).toThrow(message)
  })
})

describe('the arguments of a call to all', () => {
  test('have options of their own', () => {
    const options = { groups: ['a'], hubsOnly: true, timeoutMs: 5, signal }
    expect(readCallAllArguments(save, [1, options])).toEqual({ input: 1, options })
    expect(() => readCallAllArguments(save, [1, { peer: 'x' }])).toThrow(
      'option "peer" of notes.save is unknown: expected groups, hubsOnly, has, timeoutMs, signal',
    )
    expect(() => readCallAllArguments(list, [{ group: 'x' }])).toThrow(
      'option "group" of notes.list is unknown: did you mean "groups"?',
    )
  })
})
