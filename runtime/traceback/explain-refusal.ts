import { isRefusal } from '../errors/refuse.js'
import type { CallSite } from './call-site.js'
import { isJoined, joinTraceback } from './join-traceback.js'

/** What the application gets to see of what was thrown: a refusal of netgen's has its stack begin where a stub was called. */
export function explainRefusal(thrown: unknown, site: CallSite): unknown {
  if (isRefusal(thrown) && !isJoined(thrown)) joinTraceback(thrown, site)
  return thrown
}
