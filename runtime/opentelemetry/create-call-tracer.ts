import type { InterceptedCall, Interceptor } from '../api/interceptor.js'
import { isError, readProperty } from '../errors/is-error.js'
import type { Remote } from '../errors/remote.js'
import { readErrorCode } from '../interceptors/error-code.js'
import { type CallEnd, watchCall } from '../interceptors/watch-call.js'
import { VERSION } from '../version.js'
import { openTelemetry, type Span } from './api.js'
import { describeCall, isFailure } from './describe-call.js'
import { extractContext, injectContext } from './propagate.js'

const { context, trace, SpanKind, SpanStatusCode } = openTelemetry

/** How calls are traced. */
export interface CallTracerOptions {
  /**
   * Whether spans of the callee hold the message and the stack of what a handler threw. Whoever reads the traces then sees what
   * callers may not. Default: false: they hold the code alone.
   */
  readonly recordExceptions?: boolean
}

/**
 * An interceptor for both sides that makes a span for each call: a client's at the caller, a server's at the callee, as its child,
 * also across peers. It uses the tracer provider, the propagator and the context manager that the application has registered,
 * and does nothing while there are none.
 *
 * Spans follow the semantic conventions for RPC. A stream is one span, which ends with it and counts its items.
 */
export function createCallTracer({ recordExceptions = false }: CallTracerOptions = {}): Interceptor {
  const tracer = trace.getTracer('netgen', VERSION)
  return function traceCall(call, next) {
    const parent = call.side === 'caller' ? context.active() : extractContext(call.metadata)
    const kind = call.side === 'caller' ? SpanKind.CLIENT : SpanKind.SERVER
    const span = tracer.startSpan(call.connection.tag, { kind, attributes: describeCall(call) }, parent)
    const active = trace.setSpan(parent, span)
    if (call.side === 'caller') injectContext(active, call)
    return watchCall(call, next, {
      within: (run) => context.with(active, run),
      onEnd: (end) => endSpan(span, call, end, call.side === 'caller' || recordExceptions),
    })
  }
}

function endSpan(span: Span, call: InterceptedCall, end: CallEnd, showsError: boolean): void {
  const { failure, inputItems, outputItems } = end
  if (inputItems !== undefined) span.setAttribute('netgen.input.items', inputItems)
  if (outputItems !== undefined) span.setAttribute('netgen.output.items', outputItems)
  if (failure !== undefined) recordFailure(span, call, failure.thrown, showsError)
  span.end()
}

function recordFailure(span: Span, { side }: InterceptedCall, thrown: unknown, showsError: boolean): void {
  const code = readErrorCode(thrown)
  span.setAttribute('rpc.status_code', code)
  if (!isFailure(side, code)) return
  span.setAttribute('error.type', code)
  const error = isError(thrown) ? thrown : undefined
  if (!showsError || error === undefined) {
    span.setStatus({ code: SpanStatusCode.ERROR })
    return
  }
  const message = readText(error, 'message')
  span.setStatus({ code: SpanStatusCode.ERROR, message })
  span.recordException({ name: readText(error, 'name'), message, stack: readText(error, 'stack') })
  const remote = readProperty(error, 'remote') as Partial<Remote> | undefined
  // Under it the callee has logged everything.
  if (typeof remote?.errorId === 'string') span.setAttribute('netgen.error.id', remote.errorId)
}

/** A user's getter may throw, or give anything: neither may end the call. */
function readText(error: Error, key: string): string {
  const value = readProperty(error, key)
  return typeof value === 'string' ? value : ''
}
