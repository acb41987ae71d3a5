import type { ConnectionCodecs, EventCodecs, FlagCodecs } from '../codec/codec-plan.js'

/** One thing that a generated check found wrong; ajv's error object, cut to what is used. */
export interface Violation {
  /** JSON pointer to the value that is wrong. */
  readonly instancePath: string
  readonly keyword: string
  readonly params: Readonly<Record<string, unknown>>
  readonly message?: string
}

/** A generated check. After it answered false, `errors` holds what was wrong first; the last of them is the outermost. */
export interface Validate {
  (value: unknown): boolean
  errors?: readonly Violation[] | null
}

/** The checks of one connection: a generated module, loaded on the connection's first use. */
export interface ConnectionChecks {
  /** null where the connection takes no input. */
  readonly input: Validate | null
  /** null where the connection answers nothing. */
  readonly output: Validate | null
  /** By error name. */
  readonly errors: Readonly<Record<string, Validate>>
  /** Absent where every value travels as it is: then nothing is done, and nothing loaded, for codecs. */
  readonly codecs?: ConnectionCodecs
  /** `{ input?, output?, errors }`: the JSON Schemas (2020-12) behind the checks, as JSON text. */
  readonly jsonSchemas: string
}

/** The checks of one event: a generated module, loaded when it is first emitted or subscribed to. */
export interface EventChecks {
  /** null where the event has no payload. */
  readonly payload: Validate | null
  /** Absent where the payload travels as it is. */
  readonly codecs?: EventCodecs
  /** `{ payload? }`: the JSON Schema behind the check, as JSON text. */
  readonly jsonSchemas: string
}

/** The checks of one flag: a generated module, loaded when a call first ends with it, or is first heard to have. */
export interface FlagChecks {
  /** null where the flag has no data. */
  readonly data: Validate | null
  /** Absent where the data travels as they are. */
  readonly codecs?: FlagCodecs
  /** `{ data? }`: the JSON Schema behind the check, as JSON text. */
  readonly jsonSchemas: string
}
