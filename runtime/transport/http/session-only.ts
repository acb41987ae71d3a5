/** What whoever calls over HTTP is told of a connection whose input is a stream, at either side. */
export function explainInputStream(tag: string): string {
  return `input of ${tag} is a stream, which one request over HTTP does not carry: call it through a session`
}

/** What whoever subscribes over HTTP is told. */
export function explainEvents(tag: string): string {
  return `${tag} is an event, which requests over HTTP do not carry: subscribe with a peer whose transport is "session"`
}
