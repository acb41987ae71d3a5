import { type ErrorCode, isErrorCode } from '../errors/codes.js'
import { isError, isInstance, readProperty } from '../errors/is-error.js'
import { NetgenError } from '../errors/netgen-error.js'

/** The code of whatever a call threw, as it has on the wire: `unknown` for what is no NetgenError. Never throws. */
export function readErrorCode(thrown: unknown): ErrorCode {
  if (!isError(thrown) || !isInstance(thrown, NetgenError)) return 'unknown'
  const code = readProperty(thrown, 'code')
  return isErrorCode(code) ? code : 'unknown'
}
