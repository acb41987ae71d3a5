import type { ReceivedAnswer } from '../../../wire/exchange.js'
import type { Link } from '../link.js'
import type { Credit } from './credit.js'

/** What one side of a session has of a call with a stream. Whatever arrives may be a mistake of the other side's: that is answered. */
export interface OpenStream {
  receiveItem(item: unknown, bytes: number): string | undefined
  receiveCredit(credit: Credit): string | undefined
  /** The other side's items are over. */
  receiveEnd(): string | undefined
  /** The call is answered. */
  receiveAnswer(answer: ReceivedAnswer): string | undefined
  /** From the caller: nobody waits any more. From the callee: no more items of the input are read. */
  receiveCancel(): undefined
  /** The session has ended. */
  lose(explain: (maybeExecuted: boolean) => Error): void
}

/** What an open stream needs of its session. */
export interface StreamHost {
  readonly write: (line: string) => void
  /** Whether so much waits to leave already that nothing should be added; then `resume` is called when it has left. */
  readonly isCongested: (resume: () => void) => boolean
  /** The stream with this id is over, and what still arrives for it is dropped. */
  readonly remove: (id: number) => void
}

/** How much may wait to leave, in bytes, before streams wait too: far less than what counts as a reader that has stopped. */
const CONGESTED_BYTES = 1024 * 1024

/** Whether a link is congested; then `resume` is called when what waits has left. */
export function isCongested(link: Pick<Link, 'bufferedBytes' | 'onceDrained'>, resume: () => void): boolean {
  if (link.bufferedBytes <= CONGESTED_BYTES) return false
  link.onceDrained(resume)
  return true
}
