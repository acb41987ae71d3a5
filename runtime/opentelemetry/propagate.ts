import type { OutgoingCall } from '../api/interceptor.js'
import type { Metadata } from '../wire/metadata.js'
import { type Context, openTelemetry, type TextMapGetter, type TextMapSetter } from './api.js'

const { propagation, ROOT_CONTEXT } = openTelemetry

const setter: TextMapSetter<Metadata> = {
  // Some propagators write names of HTTP headers, which know no case.
  set: (metadata, name, value) => void metadata.set(name.toLowerCase(), value),
}

const getter: TextMapGetter<ReadonlyMap<string, string>> = {
  keys: (metadata) => [...metadata.keys()],
  get: (metadata, name) => metadata.get(name.toLowerCase()),
}

/** Sends the context along, by whichever propagator the application has chosen. A context that is too long is logged and left. */
export function injectContext(context: Context, { metadata, logger, tag }: OutgoingCall): void {
  try {
    propagation.inject(context, metadata, setter)
  } catch (error) {
    // A call is worth more than its trace.
    logger.warn('a trace context could not be sent', { tag, error })
  }
}

/** The context that a call brought. Without one it has no parent, whatever was active when its connection was opened. */
export function extractContext(metadata: ReadonlyMap<string, string>): Context {
  return propagation.extract(ROOT_CONTEXT, metadata, getter)
}
