/** What generated code imports, and nobody else: the entry `netgen/runtime/v1`. Never changed, only followed by a v2. */
export type { Call, CallWithoutInput } from './api/call.js'
export type { Context } from './api/context.js'
export type { Descriptor } from './api/descriptor.js'
export { DeclaredError, type DeclaredErrorOptions } from './errors/declared-error.js'
export { countCodePoints } from './validation/count-code-points.js'
export { formats } from './validation/formats.js'
export { isDeepEqual } from './validation/is-deep-equal.js'
export type { Validate } from './validation/validate.js'
