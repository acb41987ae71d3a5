import { describe, expect, test } from 'vitest'
import type { Context } from '../../../runtime/api/context.js'
import type { EventDescriptor } from '../../../runtime/api/descriptor.js'
import { Connections } from '../../../runtime/call/connections.js'
import { describeConnection, describeEvent, describeFlag, describeSchema } from './descriptors.js'

const save = describeConnection('save', { aliases: ['save'] })
const list = describeConnection('list', { input: 'none' })
const notes = describeSchema('notes', [save, list])
const handlers = { save: () => 'saved', list: () => [] }

describe('connecting a schema', () => {
  test('without handlers answers nothing', () => {
    const connections = new Connections()
    connections.add(notes, undefined)
    expect(connections.served).toEqual([])
    expect(connections.find('notes.save')).toBeUndefined()
  })

  test('with handlers answers its tags and aliases', () => {
    const connections = new Connections()
    const schema = connections.add(notes, handlers)
    expect(connections.served).toEqual(schema.connections)
    expect(connections.find('notes.save')).toBe(schema.connections[0])
    expect(connections.find('save')).toBe(schema.connections[0])
  })

  test('twice is one schema, and the handlers may come later', () => {
    const connections = new Connections()
    const first = connections.add(notes, undefined)
    expect(connections.add(notes, handlers)).toBe(first)
    expect(connections.add(notes, undefined)).toBe(first)
    expect([...connections.schemas]).toEqual([first])
  })

  test.each(['toString', 'constructor', '__proto__', 'valueOf', 'then', ''])('never answers %j', (tag) => {
    const connections = new Connections()
    connections.add(notes, handlers)
    expect(connections.find(tag)).toBeUndefined()
  })

  test('calls handlers as methods of their object, with the input only where there is one', () => {
    class Handlers {
      readonly seen: unknown[] = []
      save(...args: unknown[]): void {
        this.seen.push(args)
      }
      list(...args: unknown[]): void {
        this.seen.push(args)
      }
    }
    const connections = new Connections()
    const own = new Handlers()
    const context = { tag: 'x' } as Context
    for (const { handler } of connections.add(notes, own).connections) handler?.('input', context)
    expect(own.seen).toEqual([['input', context], [context]])
  })
})

describe('a schema with events and flags', () => {
  const saved = describeEvent('saved')
  const quota = describeFlag('quota')

  test('is connected without handlers for them', () => {
    const { events, flags } = new Connections().add({ ...notes, events: [saved], flags: [quota] }, handlers)
    expect([events, flags]).toEqual([[saved], [quota]])
  })

  test('is refused with a handler for an event, and connected where a class of handlers has a method of that name', () => {
    const schema = { ...notes, events: [saved] }
    expect(() => new Connections().add(schema, { ...handlers, saved: () => {} })).toThrow(
      expect.objectContaining({
        code: 'invalid_argument',
        message: 'handler "saved" of notes is for an event: leave it out, and give it to saved.subscribe',
      }),
    )
    class Notes {
      save() {}
      list() {}
      saved() {}
    }
    expect(new Connections().add(schema, new Notes()).connections[0]?.handler).toBeTypeOf('function')
  })

  test('is refused where an event is durable, and not quietly delivered with less', () => {
    const connections = new Connections()
    const durable = { ...notes, events: [saved, describeEvent('billed', { delivery: 'durable' })] }
    expect(() => connections.add(durable, handlers)).toThrow(
      expect.objectContaining({
        code: 'failed_precondition',
        message:
          "event \"notes.billed\" of notes is durable, which takes an engine, and this peer has none: name one, as in createPeer({ engine: 'nats://localhost:4222' }), or declare it with delivery: 'live'",
      }),
    )
    expect([...connections.schemas, ...connections.served]).toEqual([])
  })
})

describe('an event of another schema', () => {
  const moved = describeEvent('moved', { aliases: ['notes.copied', 'notes.older'] })
  const add = (event: EventDescriptor): unknown => {
    const connections = new Connections()
    connections.add({ ...describeSchema('one', []), digest: 'one', events: [moved] }, undefined)
    return connections.add({ ...describeSchema('two', []), digest: 'two', events: [event] }, undefined)
  }

  test.each<[string, EventDescriptor, string]>([
    ['the same tag', describeEvent('moved', { digest: 'another' }), 'notes.moved'],
    ['an older tag of the first', describeEvent('copied'), 'notes.copied'],
    ['the tag of the first as an older one', describeEvent('saved', { aliases: ['notes.moved'] }), 'notes.moved'],
    ['an older tag that both have', describeEvent('saved', { aliases: ['x', 'notes.older'] }), 'notes.older'],
  ])('is refused where it has %s', (_, event, tag) => {
    const message = `tag "${tag}" is an event of another schema of this peer: change one of the two`
    expect(() => add(event)).toThrow(expect.objectContaining({ code: 'already_exists', message }))
  })

  test('is connected where it is the same, or shares no tag', () => {
    add(moved)
    add(describeEvent('saved', { aliases: ['notes.kept'] }))
  })
})

describe('is refused', () => {
  const other = describeSchema('other', [describeConnection('copy', { tag: 'notes.list' })])

  test.each<[string, (connections: Connections) => unknown, string, string]>([
    [
      'handlers for a second time',
      (connections) => connections.add(notes, handlers),
      'already_exists',
      'schema notes has its handlers already: connect handlers once per peer',
    ],
    [
      'a tag of another schema',
      (connections) => connections.add(other, { copy: () => 1 }),
      'already_exists',
      'tag "notes.list" is answered by another schema of this peer: change one of the two',
    ],
    [
      'a handler that is missing',
      (connections) => connections.add(describeSchema('new', [save]), {}),
      'invalid_argument',
      'handlers of new lack the function "save": add it',
    ],
    [
      'a handler under a similar name',
      (connections) => connections.add(describeSchema('new', [save]), { Save: () => 1 }),
      'invalid_argument',
      'handlers of new lack the function "save": did you mean it by "Save"?',
    ],
    [
      'a handler beside one under a similar name, which is its own',
      (connections) => connections.add(describeSchema('new', [save, describeConnection('saves')]), { saves: () => 1 }),
      'invalid_argument',
      'handlers of new lack the function "save": add it',
    ],
    [
      'a handler that is no function',
      (connections) => connections.add(describeSchema('new', [save]), { save: 5 }),
      'invalid_argument',
      'handler "save" of new is 5, expected a function',
    ],
    [
      'handlers that are none',
      (connections) => connections.add(describeSchema('new', [save]), null),
      'invalid_argument',
      'handlers of new are null, expected an object of functions',
    ],
    [
      'undefined for a schema',
      (connections) => connections.add(undefined as never, undefined),
      'invalid_argument',
      'undefined is no generated schema: import it from the file that `netgen build` wrote',
    ],
    [
      'a module for a schema',
      (connections) => connections.add({ schema: notes } as never, undefined),
      'invalid_argument',
      '{"schema":{"format":1,"name":"notes","digest":"digest of notes","connections":[… is no generated schema: import it from the file that `netgen build` wrote',
    ],
    [
      'a schema of another format',
      (connections) => connections.add({ ...notes, format: 2 } as never, undefined),
      'invalid_argument',
      'the generated schema has format 2, this runtime reads format 1: use the same version of netgen for both',
    ],
  ])('%s, and nothing is added then', (_, add, code, message) => {
    const connections = new Connections()
    const known = connections.add(notes, handlers)
    expect(() => add(connections)).toThrow(expect.objectContaining({ code, message }))
    expect([...connections.schemas]).toEqual([known])
    expect(connections.served).toEqual(known.connections)
  })
})
