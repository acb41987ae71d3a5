/** The header by which a stream knows a message that comes twice (NATS ADR-4 and the server's JetStream). */
export const MESSAGE_ID = 'Nats-Msg-Id'

/** The id of the peer that emitted it. */
export const PUBLISHER = 'Ng-Peer'

/** Of dead letters: where the event was stored, how often it was handed over, and what the last attempt failed with. */
export const DEAD_SEQUENCE = 'Ng-Sequence'
export const DEAD_DELIVERIES = 'Ng-Deliveries'
export const DEAD_REASON = 'Ng-Error'

/** An emission's id as a message's: a stream has one set of them for all events. */
export function printMessageId(subject: string, id: string): string {
  return `${id}@${subject}`
}

/** The emission's id behind a message's; undefined where there is none. */
export function readMessageId(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined
  const end = text.lastIndexOf('@')
  return end === -1 ? text : text.slice(0, end)
}
