/**
 * What the type checker refuses in a schema file: each line below an `@ts-expect-error` is a mistake, and `npm run check`
 * fails where one of them compiles.
 */
import { Type as OlderType } from '@sinclair/typebox'
import { connection, event, flag, stream, Type } from 'netgen/schema'

export const accepted = [
  connection({}),
  connection({ input: Type.String(), output: Type.Object({ a: Type.Number() }), errors: { Full: Type.Null() } }),
  connection({ input: stream(Type.String()), output: stream(OlderType.String()) }),
  connection({ input: OlderType.String(), output: OlderType.Object({ a: OlderType.Number() }) }),
  connection({
    input: Type.Unsafe<Date>({ type: 'string' }),
    tag: 'a',
    aliases: ['b'],
    idempotent: true,
    timeoutMs: 1,
  }),
]

export const acceptedOthers = [
  event({}),
  event({ payload: OlderType.String(), delivery: 'durable', tag: 'a', aliases: ['b'] }),
  flag({}),
  flag({ data: Type.Object({ limit: Type.Integer() }), tag: 'a' }),
]

export const refusedOthers = [
  // @ts-expect-error no declaration
  event(),
  // @ts-expect-error plain JSON Schema is no TypeBox schema
  event({ payload: { type: 'string' } }),
  // @ts-expect-error no event holds a stream
  event({ payload: stream(Type.String()) }),
  // @ts-expect-error there is no such delivery
  event({ delivery: 'once' }),
  // @ts-expect-error a flag has data
  flag({ payload: Type.String() }),
  // @ts-expect-error a flag has no older tags
  flag({ aliases: ['old'] }),
  // @ts-expect-error no flag holds a stream
  flag({ data: stream(Type.String()) }),
]

export const refused = [
  // @ts-expect-error no declaration
  connection(),
  // @ts-expect-error a type's name is no schema
  connection({ input: 'string' }),
  // @ts-expect-error plain JSON Schema is no TypeBox schema
  connection({ input: { type: 'string' } }),
  // @ts-expect-error a class is no schema
  connection({ output: Date }),
  // @ts-expect-error a mistyped part
  connection({ inputs: Type.String() }),
  // @ts-expect-error a stream of nothing
  connection({ input: stream() }),
  // @ts-expect-error a stream of streams
  connection({ input: stream(stream(Type.String())) }),
  // @ts-expect-error a stream of what is no schema
  connection({ output: stream({ type: 'string' }) }),
  // @ts-expect-error no error holds a stream
  connection({ errors: { Full: stream(Type.String()) } }),
  // @ts-expect-error not called
  connection({ output: stream }),
  // @ts-expect-error errors go by name
  connection({ errors: [Type.String()] }),
  // @ts-expect-error a text, not a flag
  connection({ idempotent: 'yes' }),
  // @ts-expect-error a number of milliseconds
  connection({ timeoutMs: '5s' }),
  // @ts-expect-error a list
  connection({ aliases: 'old' }),
]
