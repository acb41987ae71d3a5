/** What the reply subject of a delivered message says of it. */
export interface DeliveryFacts {
  readonly deliveries: number
  readonly sequence: number
  readonly storedAtMs: number
  /** Of all messages there ever were in streams of this name: a stream that is made again begins with 1 again. */
  readonly key: string
}

/**
 * Reads `$JS.ACK.<stream>.<consumer>.<deliveries>.<stream sequence>.<consumer sequence>.<nanoseconds>.<pending>`, and the longer form
 * with domain and account before the stream (NATS ADR-15, message acknowledgement). Undefined for any other subject.
 */
export function parseDelivery(reply: string): DeliveryFacts | undefined {
  if (!reply.startsWith('$JS.ACK.')) return undefined
  const tokens = reply.split('.')
  const offset = tokens.length === 9 ? 4 : 6
  if (tokens.length < offset + 5) return undefined
  const [deliveries, sequence, , nanoseconds = ''] = tokens.slice(offset, offset + 4)
  // They are more than a number holds: the last six of them are what milliseconds leave.
  return {
    deliveries: Number(deliveries),
    sequence: Number(sequence),
    storedAtMs: Number(nanoseconds.slice(0, -6)),
    key: `${sequence}.${nanoseconds}`,
  }
}
