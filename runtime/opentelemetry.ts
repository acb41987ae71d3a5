/// <reference types="node" preserve="true" />
/** Traces of calls: the entry `netgen/opentelemetry`, for those who have `@opentelemetry/api` installed. */
export { type CallTracerOptions, createCallTracer } from './opentelemetry/create-call-tracer.js'
