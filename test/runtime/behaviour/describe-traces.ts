import { context, propagation, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { createCallTracer } from 'netgen/opentelemetry'
import type { Interceptors, Peer, PeerOptions } from 'netgen/runtime'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type SchemaHandlers, schema } from '../../../fixtures/behaviour/generated/schema.js'
import { Handlers } from './handlers.js'
import { catchError, type Harness, silent } from './harness.js'

/** What traces look like, whatever carries the calls. */
export function describeTraces(name: string, createHarness: () => Promise<Harness>): void {
  describe(`traces over ${name}`, () => {
    const exporter = new InMemorySpanExporter()
    let harness: Harness

    beforeAll(() => {
      trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }))
      context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
      registerPropagator()
    })
    afterAll(() => {
      for (const api of [trace, context, propagation]) api.disable()
    })
    beforeEach(async () => {
      harness = await createHarness()
      exporter.reset()
    })
    afterEach(() => harness.close())

    const tracer = createCallTracer()
    const traced: Interceptors = { caller: [tracer], callee: [tracer] }

    async function start(handlers: Partial<SchemaHandlers> = {}, options: PeerOptions = {}): Promise<Peer> {
      const peer = await harness.createPeer({ logger: silent, interceptors: traced, ...options })
      peer.connect(schema, Object.assign(new Handlers(), handlers))
      return peer
    }

    /** Runs something as part of a span of the application's, and answers that span. */
    async function runInSpan(run: () => Promise<unknown>): Promise<Span> {
      return trace.getTracer('test').startActiveSpan('test', async (span) => {
        await run()
        span.end()
        return span
      })
    }

    const find = (kind: SpanKind, spanName: string): ReadableSpan[] =>
      exporter.getFinishedSpans().filter((span) => span.kind === kind && span.name === spanName)

    test('a call over three peers is one trace, in which each span is the child of the one that caused it', async () => {
      const last = await start()
      const middle: Peer = await start({
        add: (input) => middle.connect(schema).add(input, { peer: last.id }),
      })
      const first = await start()
      const { host, port } = (await first.peers()).find(({ id }) => id === middle.id) ?? middle
      const root = await runInSpan(() => first.connect(schema).add({ left: 1, right: 2 }, { peer: `${host}:${port}` }))

      const clients = find(SpanKind.CLIENT, 'schema.add')
      const servers = find(SpanKind.SERVER, 'schema.add')
      const spans = [servers[0], clients[0], servers[1], clients[1]].reverse()
      const { traceId, spanId } = root.spanContext()
      expect(spans.map((span) => span?.spanContext().traceId)).toEqual(Array(4).fill(traceId))
      const ids = [spanId, ...spans.map((span) => span?.spanContext().spanId)]
      expect(spans.map((span) => span?.parentSpanContext?.spanId)).toEqual(ids.slice(0, 4))
      expect(new Set(ids).size).toBe(5)
    })

    test('a span says what is called, and where', async () => {
      const other = await start()
      const here = await start()
      const [there] = await here.peers()
      if (there === undefined) throw new Error('expected the other peer to be found')
      await here.connect(schema).greet({ peer: there })
      const rpc = { 'rpc.system.name': 'netgen', 'rpc.method': 'schema.greet' }
      const server = { 'server.address': there.host, 'server.port': there.port }
      expect(find(SpanKind.CLIENT, 'schema.greet').map(({ attributes }) => attributes)).toEqual([{ ...rpc, ...server }])
      expect(find(SpanKind.SERVER, 'schema.greet').map(({ attributes }) => attributes)).toEqual([rpc])
      for (const span of exporter.getFinishedSpans()) expect(span.status).toEqual({ code: SpanStatusCode.UNSET })
      expect(other.id).toBe(there.id)
    })

    test('a call without a peer has both spans too', async () => {
      const here = await start()
      await here.connect(schema).greet()
      const [client] = find(SpanKind.CLIENT, 'schema.greet')
      const [server] = find(SpanKind.SERVER, 'schema.greet')
      expect(server?.parentSpanContext?.spanId).toBe(client?.spanContext().spanId)
    })

    test('an alias is named beside the tag', async () => {
      const other = await start()
      const here = await start()
      const [renamed] = schema.connections.filter((connection) => connection.name === 'renamed')
      const older = { ...schema, digest: 'older', connections: [{ ...renamed, tag: 'ancient', aliases: [] }] }
      await here.connect(older as typeof schema).renamed({ peer: other.id })
      expect(find(SpanKind.SERVER, 'behaviour/new name ✓')[0]?.attributes).toMatchObject({
        'rpc.method': 'behaviour/new name ✓',
        'rpc.method_original': 'ancient',
      })
    })

    test('calls at once keep to their own traces', async () => {
      const last = await start()
      const middle: Peer = await start({ add: (input) => middle.connect(schema).add(input, { peer: last.id }) })
      const first = await start()
      const stub = first.connect(schema)
      const roots = await Promise.all(
        Array.from({ length: 20 }, (_, left) => runInSpan(() => stub.add({ left, right: 1 }, { peer: middle.id }))),
      )
      const traces = roots.map((root) => root.spanContext().traceId)
      const spans = exporter.getFinishedSpans().filter(({ name: spanName }) => spanName === 'schema.add')
      const counts = traces.map((id) => spans.filter((span) => span.spanContext().traceId === id).length)
      expect(counts).toEqual(Array(20).fill(4))
    })

    test('a call that brings no trace begins one, whatever opened the connection', async () => {
      const traceless = await start({}, { interceptors: { callee: [tracer] } })
      const here = await start()
      await runInSpan(() => here.connect(schema).greet({ peer: traceless.id }))
      exporter.reset()
      await traceless.connect(schema).greet({ peer: here.id })
      const [server] = find(SpanKind.SERVER, 'schema.greet')
      expect(server?.spanContext().traceId).toBeDefined()
      expect(server?.parentSpanContext).toBeUndefined()
    })

    test("a failure's span at the caller has what the caller sees, and at the callee the code alone", async () => {
      const other = await start()
      const here = await start()
      const error = await catchError(here.connect(schema).fail('type', { peer: other.id }))
      const [client] = find(SpanKind.CLIENT, 'schema.fail')
      const [server] = find(SpanKind.SERVER, 'schema.fail')
      const codes = { 'rpc.status_code': 'unknown', 'error.type': 'unknown' }
      const { errorId } = error['remote'] as { errorId: string }
      expect(client?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'no such thing' })
      expect(client?.attributes).toMatchObject({ ...codes, 'netgen.error.id': errorId })
      expect(client?.events.map(({ attributes }) => attributes)).toEqual([
        { 'exception.type': 'TypeError', 'exception.message': 'no such thing', 'exception.stacktrace': error.stack },
      ])
      expect(server?.status).toEqual({ code: SpanStatusCode.ERROR })
      expect(server?.attributes).toMatchObject(codes)
      expect(server?.events).toEqual([])
    })

    test('with recordExceptions, the span at the callee has what the handler threw', async () => {
      const recording = createCallTracer({ recordExceptions: true })
      const other = await start({}, { interceptors: { callee: [recording] } })
      const here = await start()
      await catchError(here.connect(schema).fail('own', { peer: other.id }))
      const [server] = find(SpanKind.SERVER, 'schema.fail')
      expect(server?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'short and stout' })
      expect(server?.events[0]?.attributes).toMatchObject({ 'exception.type': 'TeapotError' })
    })

    test('what a schema declares is no failure of the callee', async () => {
      const other = await start()
      const here = await start()
      await catchError(here.connect(schema).keep({ id: 'full', body: '' }, { peer: other.id }))
      const [client] = find(SpanKind.CLIENT, 'schema.keep')
      const [server] = find(SpanKind.SERVER, 'schema.keep')
      expect(server?.status).toEqual({ code: SpanStatusCode.UNSET })
      expect(server?.attributes).toMatchObject({ 'rpc.status_code': 'failed_precondition' })
      expect(server?.attributes).not.toHaveProperty('error.type')
      expect(client?.status.code).toBe(SpanStatusCode.ERROR)
    })

    test('whatever a handler throws, its span ends', async () => {
      const hostile = new Proxy(new Error('x'), {
        get: () => {
          throw new Error('a trap')
        },
      })
      const recording = createCallTracer({ recordExceptions: true })
      for (const thrown of [undefined, 'a text', hostile]) {
        exporter.reset()
        const greet = (): string => {
          throw thrown
        }
        const other = await start({ greet }, { interceptors: { callee: [recording] } })
        const here = await start()
        await catchError(here.connect(schema).greet({ peer: other.id }))
        expect(find(SpanKind.SERVER, 'schema.greet')[0]?.status.code).toBe(SpanStatusCode.ERROR)
      }
    })

    test('baggage travels', async () => {
      const seen: unknown[] = []
      const greet = (): string => {
        seen.push(propagation.getActiveBaggage()?.getEntry('user')?.value)
        return 'hello'
      }
      const other = await start({ greet })
      const here = await start()
      const baggage = propagation.createBaggage({ user: { value: 'ädä, =;' } })
      const active = propagation.setBaggage(context.active(), baggage)
      await context.with(active, () => here.connect(schema).greet({ peer: other.id }))
      await here.connect(schema).greet({ peer: other.id })
      expect(seen).toEqual(['ädä, =;', undefined])
    })

    test('a context that is too long is logged and left, and the call goes on', async () => {
      const warned: unknown[] = []
      const other = await start()
      const here = await start({}, { logger: { ...silent, warn: (...entry) => warned.push(entry) } })
      propagation.disable()
      propagation.setGlobalPropagator({
        inject: (_, carrier, { set }) => set(carrier, 'X-Long', 'x'.repeat(9_000)),
        extract: (extracted) => extracted,
        fields: () => [],
      })
      expect(await here.connect(schema).greet({ peer: other.id })).toBe('hello')
      propagation.disable()
      registerPropagator()
      const error = expect.objectContaining({ code: 'resource_exhausted' })
      expect(warned).toEqual([['a trace context could not be sent', { tag: 'schema.greet', error }]])
    })
  })
}

function registerPropagator(): void {
  const propagators = [new W3CTraceContextPropagator(), new W3CBaggagePropagator()]
  propagation.setGlobalPropagator(new CompositePropagator({ propagators }))
}
