import type { ServedCall } from '../../wire/exchange.js'
import { createRefusal } from '../../wire/refusal-record.js'
import { readCallHeaders } from '../call-headers.js'
import { OWN_VERSIONS } from '../protocol-versions.js'
import { TagReader } from '../tag-reader.js'
import type { Answerer, Identity } from '../transport.js'
import { writeAnswer } from '../write-answer.js'
import { answerStream } from './answer-stream.js'
import type { Refusal } from './gate.js'
import type { HttpServerHooks } from './http-server.js'
import type { PassedRequest } from './passed-request.js'
import { explainInputStream } from './session-only.js'
import type { Trust } from './trust.js'

/** What a peer answers over HTTP: who it is, and the calls that arrive. `origins`: of web pages that may ask. */
export function createResponder(
  trust: Trust,
  identity: Identity,
  answerer: Answerer,
  onUpgrade: HttpServerHooks['onUpgrade'],
  origins: readonly string[] = [],
): Omit<HttpServerHooks, 'names'> {
  const tags = new TagReader(answerer)
  return {
    rules: { isToken: (token) => trust.isToken(token, identity.id), origins: new Set(origins) },
    printRefusal,
    onUpgrade,
    onRequest: (request) => {
      const { route } = request
      if (route.kind === 'call') answerCall(request, route, identity, answerer, tags)
      else if (route.kind === 'health') answerHealth(request, route.isTrusted, identity, answerer)
      else if (route.kind === 'identity') answerIdentity(request, route.challenge, trust, identity)
      else answerPlain(request, UPGRADE_NEEDED)
    },
  }
}

/**
 * Who this is, to anybody who may ask at all. Without the secret that is: a peer of netgen's, of these versions, which those need
 * to whom it is too new, under a number that is new at each start, for which tokens are made.
 */
function answerIdentity(request: PassedRequest, challenge: string, trust: Trust, { id, group, hub }: Identity): void {
  const proof = trust.prove(challenge, id, request.dialled)
  const sealed = trust.seal(JSON.stringify({ group, hub }), challenge, id)
  request.answer(200, JSON.stringify({ id, proof, sealed, versions: OWN_VERSIONS }))
}

/** Whether calls would be run, and how the engine is that carries them; to whoever has the token, also of whom. */
function answerHealth(
  request: PassedRequest,
  isTrusted: boolean,
  { id, group, hub }: Identity,
  answerer: Answerer,
): void {
  const { isFull, engine } = answerer
  const status = engine !== undefined && engine !== 'up' ? 'unreachable' : isFull ? 'full' : 'ok'
  const details = isTrusted ? { id, group, hub, versions: OWN_VERSIONS } : {}
  request.answer(status === 'ok' ? 200 : 503, JSON.stringify({ status, engine, ...details }))
}

const UPGRADE_NEEDED: Refusal = {
  status: 426,
  code: 'invalid_argument',
  message: 'a session begins with an upgrade: send connection: upgrade',
}

function answerPlain(request: PassedRequest, refusal: Refusal): void {
  request.answer(refusal.status, printRefusal(refusal))
}

type CallRoute = Extract<PassedRequest['route'], { kind: 'call' }>

function answerCall(
  request: PassedRequest,
  route: CallRoute,
  identity: Identity,
  answerer: Answerer,
  tags: TagReader,
): void {
  const target = route.headers.get('netgen-target')
  if (target !== undefined && target !== identity.id) {
    // The caller means a peer that was at this address before.
    const refusal: Refusal = {
      status: 503,
      code: 'unavailable',
      message: `this is ${identity.id}, and not the peer that is meant`,
    }
    answerPlain(request, refusal)
    return
  }
  const { timeLeftMs, caller, callId, metadata } = readCallHeaders(route.headers)
  const arrived = { tag: tags.read(route.segment), input: { text: request.body }, timeLeftMs, caller, callId, metadata }
  const sides = answerer.sides(arrived.tag)
  if (sides === 'output') void answerStream(request, answerer.serveStream({ ...arrived, sides }))
  else if (sides === undefined) answerOne(request, answerer.serve(arrived))
  else answerPlain(request, { status: 501, code: 'unimplemented', message: explainInputStream(arrived.tag) })
}

function answerOne(request: PassedRequest, call: ServedCall): void {
  if (!(call.answer instanceof Promise)) {
    writeAnswer(request, call.answer)
    return
  }
  request.onAbandon(() => call.cancel(true))
  void call.answer.then((answer) => writeAnswer(request, answer))
}

function printRefusal({ code, message }: Refusal): string {
  return JSON.stringify({ error: createRefusal(code, message) })
}
