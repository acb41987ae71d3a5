import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { createCallTracer } from 'netgen/opentelemetry'
import type { Peer } from 'netgen/runtime'
import { createMemoryNetwork, type MemoryNetwork } from 'netgen/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type StreamsStub, streams } from '../../../fixtures/behaviour/generated/streams.js'
import { catchError, silent } from '../behaviour/harness.js'
import { StreamHandlers } from '../behaviour/stream-handlers.js'
import { collect } from '../behaviour/stream-peers.js'

describe('a stream', () => {
  const exporter = new InMemorySpanExporter()
  let network: MemoryNetwork
  let stub: StreamsStub
  let handlers: StreamHandlers
  let other: Peer

  beforeAll(() => {
    trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }))
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  })
  afterAll(() => {
    for (const api of [trace, context]) api.disable()
  })
  beforeEach(async () => {
    network = createMemoryNetwork()
    exporter.reset()
    const tracer = createCallTracer()
    const options = { logger: silent, interceptors: { caller: [tracer], callee: [tracer] } }
    stub = (await network.createPeer(options)).connect(streams)
    other = await network.createPeer(options)
    handlers = new StreamHandlers()
    other.connect(streams, handlers)
  })
  afterEach(() => network.close())

  const findAttributes = (kind: SpanKind) =>
    exporter.getFinishedSpans().flatMap((span) => (span.kind === kind ? [span.attributes] : []))

  test('is one span at each side, with the number of its items', async () => {
    await collect(stub.double([1, 2, 3], { peer: other.id }))
    const counts = { 'netgen.input.items': 3, 'netgen.output.items': 3 }
    expect(findAttributes(SpanKind.CLIENT)).toEqual([expect.objectContaining(counts)])
    expect(findAttributes(SpanKind.SERVER)).toEqual([expect.objectContaining(counts)])
  })

  test('that is left ends its spans, which is no failure', async () => {
    for await (const item of stub.count({ many: 1_000 }, { peer: other.id })) if (item === 2) break
    await expect.poll(() => exporter.getFinishedSpans()).toHaveLength(2)
    expect(findAttributes(SpanKind.CLIENT)[0]).toMatchObject({ 'netgen.output.items': 3 })
    for (const span of exporter.getFinishedSpans()) expect(span.status.code).toBe(SpanStatusCode.UNSET)
  })

  test('that fails in its midst ends its spans in error', async () => {
    handlers.onCount = async function* () {
      yield 0
      throw new TypeError('no such thing')
    }
    await catchError(collect(stub.count({ many: 3 }, { peer: other.id })))
    const spans = exporter.getFinishedSpans()
    expect(spans.map(({ kind, status }) => [kind, status.code])).toEqual([
      [SpanKind.SERVER, SpanStatusCode.ERROR],
      [SpanKind.CLIENT, SpanStatusCode.ERROR],
    ])
    for (const { attributes } of spans) expect(attributes).toMatchObject({ 'netgen.output.items': 1 })
  })

  test("is what its handler's spans are children of, item by item", async () => {
    handlers.onCount = async function* () {
      for (let item = 0; item < 3; item++) {
        trace.getTracer('test').startSpan(`item ${item}`).end()
        yield item
        await Promise.resolve()
      }
    }
    await collect(stub.count({ many: 3 }, { peer: other.id }))
    const spans = exporter.getFinishedSpans()
    const server = spans.find(({ kind }) => kind === SpanKind.SERVER)
    const parents = spans.filter(({ name }) => name.startsWith('item')).map((span) => span.parentSpanContext?.spanId)
    expect(parents).toEqual(Array(3).fill(server?.spanContext().spanId))
  })
})
