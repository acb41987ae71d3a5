/**
 * What the type checker makes of streams: each line below an `@ts-expect-error` is a mistake, and `npm run check` fails where one of
 * them compiles, or where an item has another type than TypeBox infers.
 */
import type { ItemStream, Items } from 'netgen/runtime'
import type { StaticDecode } from 'typebox'
import type { Note, SchemaHandlers, SchemaStub } from '../../../fixtures/schemas/streams/expected/schema.js'
import type { count, Notes, price, split } from '../../../fixtures/schemas/streams/schema.js'

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

type Sent<Name extends keyof SchemaStub> = Parameters<SchemaStub[Name]>[0]
type Received<Name extends keyof SchemaStub> = ReturnType<SchemaStub[Name]>
type Taken<Name extends keyof SchemaHandlers> = Parameters<SchemaHandlers[Name]>[0]
type Answered<Name extends keyof SchemaHandlers> = ReturnType<SchemaHandlers[Name]>
type Declared<Connection extends { declaration: object }> = Required<Connection['declaration']>

export const equalities: [
  Equal<Sent<'saveNotes'>, Items<Note>>,
  Equal<Taken<'saveNotes'>, AsyncIterable<Note>>,
  Equal<Note, StaticDecode<(typeof Notes)['item']>>,
  Equal<Received<'saveNotes'>, Promise<number>>,
  Equal<Received<'upload'>, Promise<void>>,
  Equal<Received<'count'>, ItemStream<StaticDecode<Declared<typeof count>['output']['item']>>>,
  Equal<Answered<'count'>, AsyncIterable<number>>,
  Equal<Sent<'price'>, Items<StaticDecode<Declared<typeof price>['input']['item']>>>,
  Equal<Received<'price'>, ItemStream<{ cents: number }>>,
  Equal<Received<'split'>, ItemStream<StaticDecode<Declared<typeof split>['output']['item']>>>,
  Equal<Answered<'split'>, AsyncIterable<string[]>>,
] = [true, true, true, true, true, true, true, true, true, true, true]

export async function call(stub: SchemaStub): Promise<void> {
  for await (const note of stub.listNotes()) if (note.at > new Date()) break

  const numbers = stub.count({ from: 1, to: 2 }, { timeoutMs: 5 })
  const first = await numbers.next()
  const value: number | undefined = first.value
  if (!first.done) first.value.toFixed(value)
  const iterator: AsyncIterableIterator<number> = numbers
  const left: IteratorResult<number, undefined> = await numbers.return()
  // @ts-expect-error there may be no further item
  left.value.toFixed()
  // @ts-expect-error a note is no number
  for await (const number of stub.listNotes()) numbers.next(number.toFixed())

  await stub.saveNotes([{ id: '1', at: new Date() }])
  await stub.saveNotes(new Set<Note>(), { peer: 'id' })
  await stub.saveNotes(stub.listNotes())
  // @ts-expect-error not what an item is
  await stub.saveNotes(iterator)
  stub.split('text'.split(''))
  // @ts-expect-error a text is no stream of its characters
  stub.split('text')
  // @ts-expect-error one item is no stream
  await stub.saveNotes({ id: '1', at: new Date() })
  // @ts-expect-error an input is needed
  stub.count()
  // @ts-expect-error there is no input
  stub.listNotes({ from: 1 })
  // @ts-expect-error no stream goes to all peers
  await stub.listNotes.all()
  // @ts-expect-error no stream goes to all peers
  await stub.saveNotes.all([])
}

export const handlers: SchemaHandlers = {
  async *listNotes(context) {
    yield { id: context.tag, at: new Date() }
  },
  async *count({ from, to }, { signal }) {
    for (let number = from; number < to && !signal.aborted; number++) yield number
  },
  async saveNotes(notes) {
    let saved = 0
    for await (const { id } of notes) saved += id.length
    return saved
  },
  async upload(parts) {
    for await (const part of parts) part.byteLength.toFixed()
  },
  async *price(goods) {
    for await (const good of goods) yield* good.kind === 'one' ? [good.price] : good.prices.values()
  },
  split: (texts) => ({
    async *[Symbol.asyncIterator]() {
      for await (const text of texts) yield [String(text)]
    },
  }),
  countOnce: ({ from, to }) => to - from,
}

export const refused: Partial<SchemaHandlers> = {
  // @ts-expect-error a list is no stream
  listNotes: () => [],
  // @ts-expect-error the promise of a list is no stream
  count: async () => [1],
  // @ts-expect-error not what an item is
  async *price() {
    yield 1
  },
}
