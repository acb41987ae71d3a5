import { refuse } from '../errors/refuse.js'

type Api = typeof import('@opentelemetry/api')

export type { Attributes, Context, Span, TextMapGetter, TextMapSetter } from '@opentelemetry/api'

/** OpenTelemetry, which only those install who use this folder. */
export const openTelemetry: Api = await loadApi()

async function loadApi(): Promise<Api> {
  try {
    return await import('@opentelemetry/api')
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') throw cause
    const hint = 'run `npm install @opentelemetry/api`'
    throw refuse('failed_precondition', `the package "@opentelemetry/api" is not installed: ${hint}`, { cause })
  }
}
