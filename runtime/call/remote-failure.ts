import type { ErrorRecord } from '../wire/error-record.js'
import type { DeclaredErrors, Origin } from '../wire/revive-error.js'

/** What another peer wrote down, on its way to the caller who is known only where the stub was called. Never leaves netgen. */
export class RemoteFailure {
  readonly record: ErrorRecord
  readonly origin: Origin
  readonly declared: DeclaredErrors

  constructor(record: ErrorRecord, origin: Origin, declared: DeclaredErrors) {
    this.record = record
    this.origin = origin
    this.declared = declared
  }
}
