import { printAddress } from '../../../api/address.js'
import type { RemotePeer } from '../../../api/remote-peer.js'
import type { NetgenError } from '../../../errors/netgen-error.js'
import { refuse, refuseGone } from '../../../errors/refuse.js'
import type { Engine } from '../engine.js'
import type { PeerBook } from '../peer-book.js'
import { printSince } from '../print-since.js'

/** The error of what was asked of a peer where nobody hears what it is asked: it has not run. */
export function explainNobody(peer: RemotePeer, book: PeerBook): NetgenError {
  const at = printAddress(peer)
  if (book.mayReturn(peer.id)) return refuse('unavailable', `${at} has lost the engine: the handler has not run`)
  // Its machine may have started another one since.
  const other = book.findAt(peer)
  if (other === undefined || other.id === peer.id)
    return refuseGone(`no peer listens at ${at}: it has ended, or never ran there`)
  return refuseGone(`peer ${peer.id} is gone: at ${at} is ${other.id} now`)
}

/** The error of what cannot be asked while the engine is down. */
export function explainDown(peer: RemotePeer, engine: Engine): NetgenError {
  return refuse('unavailable', `${printAddress(peer)} cannot be reached: the engine is down${printSince(engine)}`)
}

/** The error of a call whose answer will not come. */
export function explainLoss(problem: string): NetgenError {
  return refuse('unavailable', `${problem}: the handler may have run`, { maybeExecuted: true })
}

/** The error of what the server does not permit to publish. `maybeExecuted` where it may have permitted the call: it does not say which it refuses. */
export function explainForbidden(peer: RemotePeer, subject: string, maybeExecuted = false): NetgenError {
  const remedy = `permit ${subject} to its user${maybeExecuted ? '. The handler may have run' : ''}`
  const message = `the engine does not permit this peer to ask ${printAddress(peer)}: ${remedy}`
  return refuse('permission_denied', message, { maybeExecuted })
}
