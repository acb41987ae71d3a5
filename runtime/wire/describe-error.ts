import type { Disclosure } from '../errors/disclosure.js'
import type { HidePlaces } from '../errors/hide-places.js'
import { cutText } from '../errors/print-value.js'
import type { Hop } from '../errors/remote.js'
import { findUnserved, type Unserved } from '../errors/unserved.js'
import { readHops } from '../traceback/join-traceback.js'
import { describeClass, describeMessage, type EncodeData } from './describe-class.js'
import { describeTree } from './describe-tree.js'
import { DescriptionBudget } from './description-budget.js'
import type { ErrorRecord } from './error-record.js'
import { MAX_TOLD_NAME_LENGTH } from './limits.js'

/** Who answers, for what, under which id it is logged, and what of it the caller may know. */
export interface Failure {
  /** The peer in words. */
  readonly peer: string
  readonly tag: string
  readonly errorId: string
  /** Whether netgen found it itself, and it tells of nothing but the call: that is no secret of anybody's. */
  readonly isOwn: boolean
  /** Whether a handler had been started. */
  readonly maybeExecuted: boolean
  /** Where the call did not fit the schema here: the digest of its connection. */
  readonly digest?: string | undefined
  readonly disclosure: Disclosure
  /** The digest of the folder that paths are shown relative to. */
  readonly root: string
  /** What every text passes, but the data of declared errors: that is what the schema says. */
  readonly hidePlaces: HidePlaces
  /** The data of a declared error as it travels. May throw. */
  readonly encodeData: EncodeData
}

/** Writes down whatever a call threw, as far as its caller may know it. Never throws, whatever it is given. */
export function describeError(thrown: unknown, failure: Failure): ErrorRecord {
  const budget = new DescriptionBudget(failure.hidePlaces)
  const record = describeAllowed(thrown, failure, budget)
  return budget.cuts.length === 0 ? record : { ...record, cuts: budget.cuts }
}

function describeAllowed(thrown: unknown, failure: Failure, budget: DescriptionBudget): ErrorRecord {
  const { peer, errorId, isOwn, maybeExecuted, digest, disclosure, encodeData } = failure
  // Whoever called may have sent a tag of any length, which would be sent back.
  const tag = cutText(failure.tag, MAX_TOLD_NAME_LENGTH)
  const unserved = isOwn ? findUnserved(thrown) : undefined
  const call = {
    maybeExecuted,
    errorId,
    ...(digest === undefined ? {} : { digest }),
    ...(unserved && { unserved: describeUnserved(unserved, budget) }),
  }
  if (disclosure === 'stack') {
    const place = { peer, tag, root: failure.root }
    const hops = budget.takeHops(readHops(thrown, place))
    const { code = 'unknown', ...tree } = describeTree(thrown, { place, encodeData }, budget)
    return { ...tree, code, ...call, hops }
  }
  const hops: Hop[] = [{ peer, tag, frames: [] }]
  const { code = 'unknown', ...parts } = describeClass(thrown, encodeData, '', budget)
  if (disclosure === 'message' || isOwn) {
    return { ...parts, message: describeMessage(thrown, budget), code, ...call, hops }
  }
  const message = `${tag} failed at ${peer}, which tells this caller no more: its log has the error under ${errorId}`
  budget.forget()
  return { kind: 'netgen', name: 'NetgenError', message, code, ...call, hops }
}

function describeUnserved({ peer, asked, has }: Unserved, budget: DescriptionBudget): Unserved {
  return { peer, asked: cutText(asked, MAX_TOLD_NAME_LENGTH), has: budget.takeTags(has) }
}
