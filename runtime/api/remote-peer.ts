/** Another peer, as the peer table knows it. Plain and frozen; give it to a call as `peer`. */
export interface RemotePeer {
  /** Random, made when the peer started: a restarted peer is another peer. */
  readonly id: string
  readonly host: string
  readonly port: number
  readonly group: string
  readonly hub: boolean
}
