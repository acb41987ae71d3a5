/** The vocabulary of a schema file: the entry `netgen/schema`. */
export { Type } from 'typebox'
export type { AnySchema } from './any-schema.js'
export { bigint, bytes, date, map, set, url } from './codecs.js'
export { type Connection, type ConnectionDeclaration, connection } from './connection.js'
export { type Event, type EventDeclaration, event } from './event.js'
export { type Flag, type FlagDeclaration, flag } from './flag.js'
export { type Stream, stream } from './stream.js'
