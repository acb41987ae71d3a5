import { cleanLine } from '../../errors/clean-text.js'
import type { NetgenError } from '../../errors/netgen-error.js'
import { cutText } from '../../errors/print-value.js'
import { refuse } from '../../errors/refuse.js'
import { CLOSE_PROTOCOL_ERROR, CLOSE_SILENT, CLOSE_SLOW_CONSUMER, type Closing } from './link.js'

/** The error of a call that was in flight when its session ended. */
export function explainClose({ code, reason, by }: Closing, address: string, maybeExecuted: boolean): NetgenError {
  const effect = maybeExecuted ? 'the handler may have run' : 'the handler has not run'
  const fail = (kind: NetgenError['code'], problem: string): NetgenError =>
    refuse(kind, `${problem}: ${effect}`, { maybeExecuted })
  const words = cutText(cleanLine(reason), 200)
  const isHere = by === 'here'
  switch (code) {
    case CLOSE_SLOW_CONSUMER:
      return fail(
        'resource_exhausted',
        isHere
          ? `the connection to ${address} was closed, since it reads too slowly`
          : `${address} closed the connection, since this peer reads too slowly`,
      )
    case CLOSE_PROTOCOL_ERROR:
      return fail(
        'internal',
        isHere
          ? `the connection to ${address} was closed, since it sent what no peer sends (${words})`
          : `${address} closed the connection, since it cannot read what this peer sent (${words})`,
      )
    case CLOSE_SILENT:
      return fail(
        'unavailable',
        isHere
          ? `the connection to ${address} was closed, since nothing was heard of it`
          : `${address} closed the connection, since it heard nothing of this peer`,
      )
    default:
      return fail('unavailable', `the connection to ${address} was lost`)
  }
}
