/** What is asked of the client of NATS that its types do not name: where one has it no more, it is done without. */
interface Parts {
  readonly protocol?: { readonly transport?: { discard?(): void }; flushPending?(): void }
}

/**
 * Ends what a connection was dialling when it was closed. The client of NATS leaves that open, and it keeps the process alive for as long
 * as a server that has stopped takes connections and says nothing.
 */
export function discardDialled(connection: object): void {
  const { protocol } = connection as Parts
  protocol?.transport?.discard?.()
}

/** Sends what a connection has gathered, which else leaves when all that runs now is done: the other side begins meanwhile. */
export function sendGathered(connection: object): void {
  const { protocol } = connection as Parts
  protocol?.flushPending?.()
}
