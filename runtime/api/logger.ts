/** What an entry of the log says besides its text: plain values, ready for JSON. */
export type LogFields = Readonly<Record<string, unknown>>

/** Where a peer says what happens. Give your own to `createPeer({ logger })`; one over pino or winston is four lines. */
export interface Logger {
  /** Every call, here and there; ports tried; peers found and lost. */
  debug(message: string, fields: LogFields): void
  info(message: string, fields: LogFields): void
  /** Something that works around a fault: a registry file that cannot be read, an answer that came too late. */
  warn(message: string, fields: LogFields): void
  /** A handler failed: with everything that the caller may not see, under the `errorId` that it does see. */
  error(message: string, fields: LogFields): void
}

/** From the least to the most: with `warn`, entries of `warn` and `error` are written. */
export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug'
